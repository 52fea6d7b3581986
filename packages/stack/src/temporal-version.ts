/** The CLI whose server we are tried with; newer tags can't be installed with `go install` because of replace directives. */
export const temporalVersion = '1.5.1';
