-- A simulated customer's calls may also meet a service that is known to be down: what stands in for it comes about at once.
alter table simulator_faults drop constraint simulator_faults_fault_check;
alter table simulator_faults add constraint simulator_faults_fault_check check (fault in ('timeout', 'limited', 'broken', 'down', 'garbage', 'hang'));
