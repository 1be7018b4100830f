import type { ComponentType } from 'react';

type Load = () => Promise<{ Screen: ComponentType }>;

/** Every page by its address. A page is fetched when it is opened. */
export const pages: Record<string, Load> = {
  '/': () => import('./dashboard/dashboard'),
  '/instances': () => import('./instances/instances'),
  '/instances/$instance': () => import('./instances/instance'),
  '/operations': () => import('./operations/operations'),
  '/operations/$operation': () => import('./operations/operation'),
  '/jobs': () => import('./jobs/jobs'),
  '/jobs/$job': () => import('./jobs/job'),
  '/logs': () => import('./logs/logs'),
  '/orders': () => import('./orders/orders'),
  '/orders/$instance/$wooId': () => import('./orders/order'),
  '/links': () => import('./links/links'),
  '/records/$instance/$entity/$': () => import('./records/record'),
  '/why': () => import('./why/why'),
  '/products': () => import('./ledger/lists').then((m) => ({ Screen: m.Products })),
  '/customers': () => import('./ledger/lists').then((m) => ({ Screen: m.Customers })),
  '/coupons': () => import('./ledger/lists').then((m) => ({ Screen: m.Coupons })),
  '/ledger/orders': () => import('./ledger/documents').then((m) => ({ Screen: m.Orders })),
  '/ledger/orders/$id': () => import('./ledger/documents').then((m) => ({ Screen: m.Order })),
  '/ledger/credit-notes': () => import('./ledger/documents').then((m) => ({ Screen: m.CreditNotes })),
  '/ledger/stock': () => import('./ledger/documents').then((m) => ({ Screen: m.Stock })),
  '/ledger/$kind/$id': () => import('./ledger/record'),
  '/start': () => import('./start/start'),
  '/matches/$operation': () => import('./matches/matches'),
  '/reports': () => import('./reports/reports'),
  '/webhooks': () => import('./webhooks/webhooks'),
  '/sale-workflows': () => import('./configuration/sale-workflows'),
  '/tokens': () => import('./configuration/tokens'),
  '/users': () => import('./configuration/users'),
  '/audit': () => import('./configuration/audit'),
  '/mail': () => import('./mail/mail'),
  '/schedules': () => import('./schedules/page'),
};
