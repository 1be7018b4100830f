// Package wootest is a simulated WooCommerce store: an HTTP server that speaks the REST API v3 of WooCommerce 10.0.2 from
// memory, for tests, demonstrations and benchmarks.
//
// Seeded records are a pure function of the seed and their index. They are made when somebody asks and forgotten
// afterwards, so a store of a million orders starts at once and stays small; only what clients create, change or delete
// is kept. The server shares no code with package woo, so that one can be tested against the other, and is itself held
// to recorded replies of a real store by its tests and to the suite in package contract.
//
// Beside /wp-json it serves the store's images, and its own controls under /__sim: faults (GET and PUT, see Faults) and
// stats (GET, see Stats).
package wootest
