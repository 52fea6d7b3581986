/** How often the queue is asked for while somebody looks. */
export const queueEveryMs = 3_000;
