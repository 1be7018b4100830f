import { createRootRoute, createRoute, createRouter, lazyRouteComponent, parseSearchWith, stringifySearchWith } from '@tanstack/react-router';
import type { Address } from './parts/address';
import { ProblemNote } from './parts/problem';
import { Shell } from './shell/shell';
import { NotFound } from './shell/not-found';
import { pages } from './pages/pages';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: ({ error }) => <ProblemNote problem={{ status: 500, code: 'internal', detail: String((error as Error).message ?? error) }} />,
  // What is in an address is text, and nothing but text.
  validateSearch: (search: Record<string, unknown>): Address =>
    Object.fromEntries(Object.entries(search).map(([k, v]) => [k, String(v)])),
});

const routes = Object.entries(pages).map(([path, load]) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, 'Screen') }));

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  scrollRestoration: true,
  parseSearch: parseSearchWith((v) => v),
  stringifySearch: stringifySearchWith((v) => String(v)),
});
