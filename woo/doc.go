// Package woo is a client of the WooCommerce REST API v3.
//
// Every resource is a [Service] with the same methods (Get, List, Scan, ScanIDs, Create, Update, Delete, Batch) or, where the store
// answers its whole list at once, a [Directory]. Records decode from what PHP really sends, see [Decode], and keep the exact bytes they
// came from in Raw, so that nothing a plugin added is lost.
//
// All times are UTC: only the *_gmt fields are read, and date filters are sent with dates_are_gmt. All amounts are decimals. Orders and
// refunds are asked for with six decimals or more, because the shop's own two lose the tax of a line.
//
// Requests pass a [budget.Budget] shared by everything that talks to one store, are tried again while that is harmless, and fail with an
// [Error], which classifies itself as a fault.
//
// Vendor documentation: https://woocommerce.github.io/woocommerce-rest-api-docs/
package woo
