package instance

import (
	"cmp"
	"slices"
)

// Config is everything an instance is configured with, one section per tab of its form. Fields that name ERP records
// hold the ids the backend's Options list.
type Config struct {
	General  General  `json:"general"`
	Product  Product  `json:"product"`
	Payment  Payment  `json:"payment"`
	Order    Order    `json:"order"`
	Tax      Tax      `json:"tax"`
	Stock    Stock    `json:"stock"`
	Export   Export   `json:"export"`
	Tracking Tracking `json:"tracking"`
	// Ownership says whose values count once records are linked.
	Ownership Ownership `json:"ownership"`
	Webhook   Webhook   `json:"webhook"`
	Email     Email     `json:"email"`
	Meta      Meta      `json:"meta"`
}

// General says where goods lie and what money is used.
type General struct {
	Company       string   `json:"company"`
	Warehouse     string   `json:"warehouse"`
	Currency      string   `json:"currency"` // ISO 4217
	MultiCurrency bool     `json:"multi_currency"`
	Currencies    []string `json:"currencies"` // further ones, with MultiCurrency
}

// Product says what of a product is imported and exported.
type Product struct {
	ImportImages        bool `json:"import_images"`
	ImportPrice         bool `json:"import_price"`
	ExportVariantImages bool `json:"export_variant_images"`
}

// Payment holds the terms stamped on orders.
type Payment struct {
	Term string `json:"term"`
}

// Ways to choose an order's sale workflow.
const (
	ThroughStatus  = "status"
	ThroughGateway = "payment_gateway"
)

// Kinds of customer address.
const (
	BillingAddress  = "billing"
	ShippingAddress = "shipping"
)

// What is imported of an order that a marketplace splits into one per vendor. Taking both counts the sale twice.
const (
	SubOrdersParents  = "parents"  // the whole order
	SubOrdersChildren = "children" // the vendors' parts
	SubOrdersBoth     = "both"     // where parts are sales of their own
)

// Up to when an order follows the edits of its store.
const (
	UntilConfirmed = "until_confirmed" // later ones are held for a person
	UntilInvoiced  = "until_invoiced"  // or shipped, whichever comes first
)

// Order says which orders come in and what becomes of them.
type Order struct {
	Prefix           string         `json:"prefix"`
	AutoStatusUpdate bool           `json:"auto_status_update"` // push the status to the store when the ERP order changes
	StatusUpdates    []StatusUpdate `json:"status_updates"`     // which status; empty: shipped is completed, cancelled is cancelled
	ImportThrough    string         `json:"import_through"`     // ThroughStatus or ThroughGateway
	Statuses         []string       `json:"statuses"`           // store statuses to import; custom ones too
	SalesTeam        string         `json:"sales_team"`
	Salesperson      string         `json:"salesperson"`
	CustomerAddress  string         `json:"customer_address"`    // BillingAddress or ShippingAddress
	GuestCustomers   bool           `json:"guest_customers"`     // a guest becomes a contact of its own; else an address of one static "Guest Customer"
	ImportNotes      bool           `json:"import_notes"`        // read order notes too: one more request per order
	Placeholder      string         `json:"placeholder_product"` // woo id of the product that stands for deleted ones; empty parks such orders
	RoundingLimit    string         `json:"rounding_limit"`      // see RoundingLimitOf; e.g. "0.01"
	CutOff           string         `json:"cut_off"`             // RFC 3339 date: orders created before are not imported; empty imports all
	ApplyEdits       string         `json:"apply_edits"`         // UntilConfirmed or UntilInvoiced; empty is UntilConfirmed
	SubOrders        string         `json:"sub_orders"`          // SubOrdersParents, SubOrdersChildren or SubOrdersBoth; empty holds parts back
	Workflows        []WorkflowRule `json:"workflows"`
}

// WorkflowRule runs a sale workflow for orders of one status or payment gateway, as ImportThrough says.
type WorkflowRule struct {
	Match    string `json:"match"`    // e.g. "processing", or "bacs"
	Workflow string `json:"workflow"` // id of a SaleWorkflow
}

// StatusUpdate says which status the store shows once an order has come so far in the ERP.
type StatusUpdate struct {
	When   string `json:"when"`   // one of OrderEvents
	Status string `json:"status"` // of the store, without wc-; custom ones too
}

// How far an order has come in the ERP. Of all that hold, the first in OrderEvents that has an update counts.
const (
	WhenCancelled     = "cancelled"
	WhenShipped       = "shipped" // all of it; an order of which nothing is delivered is shipped when it is paid
	WhenPartlyShipped = "partly_shipped"
	WhenPaid          = "paid"
	WhenInvoiced      = "invoiced"
	WhenConfirmed     = "confirmed"
)

// OrderEvents lists how far an order can have come, the furthest first.
var OrderEvents = []string{WhenCancelled, WhenShipped, WhenPartlyShipped, WhenPaid, WhenInvoiced, WhenConfirmed}

// StatusFor gives the status that the store is to show of an order for which events hold; "" when none is configured.
func (o Order) StatusFor(holds func(event string) bool) string {
	updates := o.StatusUpdates
	if len(updates) == 0 {
		updates = []StatusUpdate{{WhenShipped, "completed"}, {WhenCancelled, "cancelled"}}
	}
	for _, event := range OrderEvents {
		for _, u := range updates {
			if u.When == event && holds(event) {
				return u.Status
			}
		}
	}
	return ""
}

// Tax names the accounts taxes are posted to, empty ones are the ERP's defaults, and where a buyer's VAT number is found.
type Tax struct {
	InvoiceAccount    string `json:"invoice_account"`
	CreditNoteAccount string `json:"credit_note_account"`
	// VATNumberFields are the meta fields of accounts and orders that hold the buyer's VAT number; empty: those of well-known plugins.
	VATNumberFields []string `json:"vat_number_fields"`
}

// Stock fields an ERP can answer with.
const (
	FreeQuantity     = "free"
	ForecastQuantity = "forecast"
)

// Stock says which figure is meant by a product's stock, and which of the two sides counts.
type Stock struct {
	Field      string   `json:"field"` // FreeQuantity or ForecastQuantity
	Import     bool     `json:"import"`
	AutoUpdate bool     `json:"auto_update"` // push figures to the store; nothing is counted from it then
	Warehouses []string `json:"warehouses"`  // those whose goods the store offers together; empty: General.Warehouse
	Buffer     int      `json:"buffer"`      // pieces of each product that the store is not to offer
}

// Counted reports whether the ERP's stock is counted as the store says. Never while the ERP's figures are pushed to the store: each
// push would come back as a count, less all that was kept back of it.
func (s Stock) Counted() bool { return s.Import && !s.AutoUpdate }

// StockWarehouses are the warehouses whose goods the store offers.
func (c Config) StockWarehouses() []string {
	if len(c.Stock.Warehouses) > 0 {
		return c.Stock.Warehouses
	}
	return []string{c.General.Warehouse}
}

// Export says what may be written into the store, by group of entities. Everything is off until a person turns it on: connecting a
// store never writes to it.
type Export struct {
	Terms     bool `json:"terms"` // categories, tags, brands, attributes and shipping classes
	Products  bool `json:"products"`
	Images    bool `json:"images"` // of products, along with them
	Customers bool `json:"customers"`
	Coupons   bool `json:"coupons"`
	Orders    bool `json:"orders"`
	Refunds   bool `json:"refunds"`  // credit notes that people made for orders which the store has
	Tracking  bool `json:"tracking"` // carrier, tracking number and lines of what the ERP has shipped
	// OrderStatus is the status of the store that an exported order gets. Empty is pending: nothing is reserved, and nobody gets a mail.
	OrderStatus string `json:"order_status"`
}

// StatusOfOrders is the status of the store that an exported order gets.
func (e Export) StatusOfOrders() string { return cmp.Or(e.OrderStatus, "pending") }

// Where a store keeps what is known of a shipment.
const (
	TrackingAuto         = "auto"              // the first of the others that the store has, as Connect found it
	TrackingFulfillments = "fulfillments"      // fulfillments of WooCommerce, with the lines that were shipped
	TrackingPlugin       = "shipment_tracking" // WooCommerce's plugin Shipment Tracking, or Advanced Shipment Tracking
	TrackingOldPlugin    = "ast"               // an older version of Advanced Shipment Tracking
	TrackingNote         = "note"              // a note of the order, and meta fields
)

// TrackingTargets lists them, those first that auto prefers.
var TrackingTargets = []string{TrackingFulfillments, TrackingPlugin, TrackingOldPlugin, TrackingNote}

// Who sees a note about a shipment.
const (
	PrivateNote  = "private"  // the shop's people
	CustomerNote = "customer" // the customer, who gets it by e-mail
	NoNote       = "none"     // meta fields only
)

// Tracking says where in the store shipments are kept.
type Tracking struct {
	Target         string `json:"target"`          // TrackingAuto or one of TrackingTargets; empty is TrackingAuto
	NotifyCustomer bool   `json:"notify_customer"` // have the store mail the customer about each fulfillment
	Note           string `json:"note"`            // PrivateNote, CustomerNote or NoNote; empty is PrivateNote
	// NoteText is what a note says, with {carrier}, {number}, {url} and {delivery} in it. Empty is a text in English.
	NoteText string `json:"note_text"`
	// The keys of the order's meta fields that are given carriers, numbers and addresses along with the note; empty ones are not.
	CarrierMeta string `json:"carrier_meta"`
	NumberMeta  string `json:"number_meta"`
	URLMeta     string `json:"url_meta"`
}

// TargetFor gives where shipments are kept in a store that has some of the targets.
func (t Tracking) TargetFor(has []string) string {
	if t.Target != "" && t.Target != TrackingAuto {
		return t.Target
	}
	for _, target := range TrackingTargets {
		if slices.Contains(has, target) {
			return target
		}
	}
	return TrackingNote
}

// Webhook says which events the store shall report when its webhooks are made without naming any.
type Webhook struct {
	Topics []string `json:"topics"` // e.g. "order.created"
}

// Email says who gets sales reports and notices, and what reports say.
type Email struct {
	Recipients []string `json:"recipients"`
	Subject    string   `json:"subject"`     // with EmailPlaceholders; empty is "{report} · {store} · {period}"
	Body       string   `json:"body"`        // lines of plain text, likewise; empty is "{figures}"
	Layout     string   `json:"layout"`      // a saved layout, by its id; empty is as installed
	Alerts     bool     `json:"alerts"`      // whether they are told what is wrong
	AlertLimit int      `json:"alert_limit"` // how many records may be parked or failed before they are told
}

// EmailPlaceholders are what a subject and a body may name in braces.
var EmailPlaceholders = []string{"report", "store", "period", "figures"}

// Meta says whether meta mappings apply.
type Meta struct {
	Enabled bool `json:"enabled"`
}
