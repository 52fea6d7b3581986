import fc from 'fast-check';

// The same cases on every machine: what fails, fails for everybody. HOLDFAST_RANDOM_SEED looks further.
fc.configureGlobal({ seed: Number(process.env['HOLDFAST_RANDOM_SEED'] ?? 20_261_123) });
