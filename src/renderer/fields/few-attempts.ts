/** From here on the attempts left are shown as a warning. */
const most = 3;

/** Whether so few attempts are left that it must be said loudly. Some tokens do not say how many are left. */
export const areFew = (left: number | null): boolean => left !== null && left <= most;
