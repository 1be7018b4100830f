package erp

import (
	"context"

	"github.com/shopspring/decimal"

	"tandem/fault"
)

// Desks is work on single records by hand. An ERP with screens of its own does without it: people work there.
var Desks = Capability[Desk]{does: "be worked in through Tandem: work in it directly"}

// Desk is a backend in which people make and change records through Tandem: see Desks.
type Desk interface {
	Products() RecordDesk[Product]
	Partners() RecordDesk[Partner]
	// Terms are those of one kind.
	Terms(kind TermKind) RecordDesk[Term]
	Coupons() RecordDesk[Coupon]
	// Orders are sales orders, wherever they came from. Quotations that no store has can be changed. Their steps are those of Sales, by
	// their own keys.
	Orders() RecordDesk[SaleOrder]
	CreditDesk
	DeliveryDesk
	StockDesk
	ImageDesk
}

// ImageDesk is images that people give records.
type ImageDesk interface {
	ImageSource
	// KeepImage keeps the bytes of an image, once however often they come, and gives what a record is given. Invalid for what is no
	// image that a browser shows.
	KeepImage(ctx context.Context, content []byte) (Image, error)
}

// SaleOrder is an order as people work on it. They say what is sold for how much, and which taxes are on it: a line's Total as it comes to,
// and the keys of its Taxes. The ERP gives the order its number, rounds each line to whole coins, and calculates taxes and sums.
type SaleOrder struct {
	Order
	State OrderState // how far it is, which only steps change
	Store string     // the instance whose store has it; "" when none has
}

// StockDesk is the stock as people count it: what lies on the shelves, whatever of it is reserved.
type StockDesk interface {
	// Stock lists what stock is kept of in a warehouse.
	Stock(ctx context.Context, q StockSearch) (StockPage, error)
	// CountShelves makes the quantities on hand what was counted, all of them or none. "" is the first warehouse.
	CountShelves(ctx context.Context, warehouse string, counts []ShelfCount) error
}

// StockSearch picks what stock is kept of.
type StockSearch struct {
	RecordSearch
	Warehouse string // "" is the first one
	Product   string // only of this product, by its id; "" is any
}

// StockPage is one page of stock figures.
type StockPage struct {
	Warehouse string
	Items     []StockItem
	Next      string // "" on the last page
}

// StockItem is the stock of one thing that is sold.
type StockItem struct {
	Quantities // Product is an own key
	Name, SKU  string
}

// ShelfCount is how many of a product lie on the shelf.
type ShelfCount struct {
	Product Key // the own key of what is sold
	OnHand  decimal.Decimal
}

// RecordDesk is what people do with records of one kind. Records refer to each other by own keys, and so are their parts named. A part
// whose key is zero is a new one. What is wrong with a record is fault.Invalid, with the field that the API calls it by.
type RecordDesk[T any] interface {
	// Search finds records, the newest first.
	Search(ctx context.Context, q RecordSearch) (SearchPage[T], error)
	// Get reads a record. NotFound when there is none.
	Get(ctx context.Context, id string) (Version[T], error)
	// Create makes a record, once for each request. The same request again gives the record as it is now.
	Create(ctx context.Context, request string, record T) (Version[T], error)
	// Update makes the content of a record what is given, if its version is the one that was read. Otherwise it is fault.Conflict with
	// the code ChangedMeanwhile.
	Update(ctx context.Context, before Version[T], record T) (Version[T], error)
}

// ChangedMeanwhile is the code of the error for a change of what somebody else has changed since it was read. It is also the code with which
// a record is parked that has another Revision by now.
const ChangedMeanwhile = "changed_meanwhile"

// ChangedSince is the error for a change of what is not any more as it was read.
func ChangedSince() error {
	err := fault.New(fault.Conflict, "somebody else, or an import, changed the record since it was read: read it again and repeat the change")
	err.Code = ChangedMeanwhile
	return err
}

// Version is a record as it was at one moment.
type Version[T any] struct {
	Held[T]
	Number string // another one after each change of the record
}

// RecordSearch picks records for people.
type RecordSearch struct {
	Text  string // part of a name or of what else they are known by; "" is all
	After string // the Next of the page before; "" is the first page
	Limit int    // at least 1
}

// SearchPage is one page of what was found.
type SearchPage[T any] struct {
	Records []Version[T]
	Next    string // "" on the last page
}

// OwnInstance stands in keys for the ERP itself. No instance can have this id.
const OwnInstance = "@erp"

// OwnKey names a record of the ERP by its own id, whether or not a store has it. A variant has the entity of its product and the id
// "<product>/<variant>".
func OwnKey(entity, id string) Key { return PendingKey(OwnInstance, entity, id) }

// OwnID gives the ERP's id of what an own key names; "" for another key.
func OwnID(k Key) string {
	if id, pending := PendingID(k); pending && k.Instance == OwnInstance {
		return id
	}
	return ""
}
