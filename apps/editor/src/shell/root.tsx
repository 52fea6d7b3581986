import { Outlet } from '@tanstack/react-router';

/** Everything, signed in or not. */
export const Root = () => <Outlet />;
