// Package mapping is what the imports of every area are made of: the import as a table of its parts, the readers of the store's
// lists, the keys that records land under, and how fields are converted that all kinds of records have. It maps no kind of
// record itself.
package mapping

import (
	"context"
	"encoding/json"
	"time"

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
	Digests   Digests     // remembers what images are; nil fetches every image at every import
	Noted     Noted       // what earlier imports have recorded; nil takes all that the ERP has as recorded
	Progress  Progress    // how far orders and their refunds are; nil knows of none
	States    OrderStates // where orders were found to stand in the ERP
	Links     Links       // which records are paired; needed to pair some
	Matches   Matches     // what the matching under way finds; needed to match records
	Stock     StockBook   // what the push of stock figures goes by
	Offers    ImageOffers // lets the store fetch images; needed to export some
	Turns     erp.Turns   // with other operations on the same records, of whichever worker; nil takes none
	// Overwrite has an import give the ERP what the store has, even of records that the store did not change since they landed: what a
	// person made of them in the ERP is gone.
	Overwrite bool
	// Force has an import and an export write records as they are, whoever owns their parts: see instance.Ownership.
	Force bool
	// Parts are what an export writes of records, as a person chose it; none stands for all of it. See Chosen.
	Parts []string
	// Confirm is asked right before a batch is written to the ERP, since much time may have passed since the page was read;
	// nil confirms all.
	Confirm func(context.Context) error
}

// ConfirmWrite asks Confirm.
func (ec Context) ConfirmWrite(ctx context.Context) error {
	if ec.Confirm == nil {
		return nil
	}
	return ec.Confirm(ctx)
}

// Entity is one kind of record that can be imported.
type Entity = flow.Runner[Context]

// Digests remembers what the images of a store are, so that a later import need not fetch their bytes again. An image
// is known by its address and the time the store says it was changed (UTC). Errors are classified with package fault.
// The parameters are plain, so that a database can implement it without knowing this package.
type Digests interface {
	// ImageDigests reports to found, by their place in the list, the digest ("sha256:…"), media type and size in bytes of
	// the images that are known.
	ImageDigests(ctx context.Context, urls []string, modified []time.Time, found func(i int, digest, mediaType string, size int64)) error
	// SetImageDigest remembers them.
	SetImageDigest(ctx context.Context, url string, modified time.Time, digest, mediaType string, size int64) error
}

// ImageOffers lets stores fetch images from Tandem: they take none that is sent along. The parameters are plain, so that a database can
// stand behind it without knowing this package.
type ImageOffers interface {
	// OfferImage keeps a file for a while and gives the address under which stores fetch it. Invalid, with what to set, when there is no
	// address under which they reach Tandem.
	OfferImage(ctx context.Context, file string, content []byte) (address string, err error)
	// ImageFetched reports whether somebody has fetched the file since it was offered last.
	ImageFetched(ctx context.Context, file string) (bool, error)
}

// Noted is what imports before have noted when they were through with records. What the ERP has and they have not noted was cut
// off in between. The parameters are plain, so that a database can implement it without knowing this package.
type Noted interface {
	// LinkDigests returns the content digests with which records of an entity were landed last, by their ids.
	LinkDigests(ctx context.Context, instance, entity string, ids []string) (map[string]string, error)
	// ERPDigests returns what the ERP held of records when both sides were equal last, by the store's ids; nothing of those that were
	// not read since.
	ERPDigests(ctx context.Context, instance, entity string, ids []string) (map[string]string, error)
	// Commons returns what both sides held of records when they were equal last, by the store's ids. Those that have no link are missing.
	Commons(ctx context.Context, instance, entity string, ids []string) (map[string]flow.Common, error)
	// Watermark returns up to when an entity's records were read, by the store's clock, UTC; zero for never.
	Watermark(ctx context.Context, instance, entity string) (time.Time, error)
}

// Progress is how far orders and their refunds are by Tandem's own records, and what people decided about them. The parameters are
// plain, so that a database can implement it without knowing this package.
type Progress interface {
	// RefundsOf returns the ids of the landed refunds of orders, which are "order/refund", by the ids of the orders.
	RefundsOf(ctx context.Context, instance string, orders []string) (map[string][]string, error)
	// StepsAhead returns, by the ids of those orders that a sale workflow is moving, the steps that it has not done yet.
	StepsAhead(ctx context.Context, instance string, orders []string) (map[string][]string, error)
	// Decisions returns what people chose for records of an entity that needed one to choose, by their ids.
	Decisions(ctx context.Context, instance, entity string, ids []string) (map[string]string, error)
	// ChangeDecisions returns what people chose last about changes of records of an entity, by the ids of those records.
	ChangeDecisions(ctx context.Context, instance, entity string, ids []string) (map[string]flow.Decision, error)
}

// OrderStates remembers where the orders of an instance were found to stand in the ERP. The parameters are plain, so that a database
// can implement it without knowing this package.
type OrderStates interface {
	// OpenOrders reports landed orders that are not noted as finished, sorted by the text of their id, from the one after a given id
	// on, and at most limit; with what was noted of each, "" when nothing was.
	OpenOrders(ctx context.Context, instance, after string, limit int, found func(wooID, erpID, noted string)) error
	// OrdersInERP reports the landed orders that are these records of the ERP, with what was noted of each.
	OrdersInERP(ctx context.Context, instance string, erpIDs []string, found func(wooID, erpID, noted string)) error
	// NoteOrderStates notes where orders stand, each list at the same index.
	NoteOrderStates(ctx context.Context, instance string, wooIDs, states []string, finished []bool) error
}

// StockBook is what the push of stock figures goes by: which records belong together, which orders the ERP has, and what was kept back
// of the figures that the store was told. The parameters are plain, so that a database can implement it without knowing this package.
type StockBook interface {
	// LinkedAfter reports the links of an entity whose records the store has, sorted by the text of the store's id, from the one after a
	// given id on, and at most limit.
	LinkedAfter(ctx context.Context, instance, entity, after string, limit int, found func(wooID, erpID string)) error
	// Linked reports the links of an entity that have one of these ids in the store or in the ERP.
	Linked(ctx context.Context, instance, entity string, wooIDs, erpIDs []string, found func(wooID, erpID string)) error
	// OrdersToLand reports the orders that were read and are not in the ERP as they were read last, with their copies; nil where none is
	// kept any more.
	OrdersToLand(ctx context.Context, instance string, found func(wooID string, copied json.RawMessage)) error
	// LandedOrders reports those of some orders that the ERP has, with the copies that landed; nil where a newer one was read since.
	LandedOrders(ctx context.Context, instance string, ids []string, found func(wooID string, landed json.RawMessage)) error
	// StockKeptBack reports what was kept back of figures, for orders that had not landed, by the store's ids.
	StockKeptBack(ctx context.Context, instance string, found func(wooID, keptBack string)) error
	// NoteStockPushes notes which figures the store was told and what was kept back of each, each list at the same index.
	NoteStockPushes(ctx context.Context, instance string, wooIDs, quantities, keptBack []string) error
}
