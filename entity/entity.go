// Package entity is what can be synced: one file per entity with the pure mapping from the store's record to the ERP's,
// and how its pages are read and landed. The registry lists them; nothing above this package names an entity.
package entity

import (
	"context"

	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// Context is what reading and mapping need to know of the instance.
type Context struct {
	Instance  instance.Instance
	Workflows []instance.SaleWorkflow
	Meta      []instance.MetaMapping
	Store     *woo.Client
	Backend   erp.Backend
	Digests   Digests // remembers what images are; nil fetches every image at every import
	Noted     Noted   // what earlier imports have recorded; nil takes all that the ERP has as recorded
	// Confirm is asked right before a batch is written to the ERP, since much time may have passed since the page was read;
	// nil confirms all.
	Confirm func(context.Context) error
}

// Entity is one kind of record that can be imported.
type Entity = flow.Runner[Context]
