import { notifications } from '@mantine/notifications';

/** A short word that something was done; not for what is visible anyway. */
export const showDone = (message: string, title?: string): void => {
  notifications.show({ color: 'ok', message, ...(title === undefined ? {} : { title }), autoClose: 4_000 });
};
