package instance

// SaleWorkflow says which steps an imported order goes through automatically. A sub-option exists only with its parent.
type SaleWorkflow struct {
	ID               string `json:"id"`
	Name             string `json:"name"`
	Default          bool   `json:"default"`
	ValidateOrder    bool   `json:"validate_order"`
	CreateInvoice    bool   `json:"create_invoice"`     // needs ValidateOrder
	ForceInvoiceDate bool   `json:"force_invoice_date"` // needs CreateInvoice: the invoice bears the order's date
	RegisterPayment  bool   `json:"register_payment"`   // needs CreateInvoice
	PaymentJournal   string `json:"payment_journal"`    // needs RegisterPayment, and is needed by it
	PaymentMethod    string `json:"payment_method"`     // needs RegisterPayment
	ConfirmShipment  bool   `json:"confirm_shipment"`   // needs ValidateOrder
	PartialShipment  bool   `json:"partial_shipment"`   // needs ConfirmShipment: what is on hand is shipped when that is not all
}

// MetaModel is the kind of store record a meta mapping reads from.
type MetaModel string

// The models meta mappings exist for.
const (
	MetaProduct  MetaModel = "product"
	MetaCustomer MetaModel = "customer"
	MetaOrder    MetaModel = "order"
)

// MetaMapping copies a store record's meta value into an ERP field.
type MetaMapping struct {
	ID       string    `json:"id"`
	Instance string    `json:"instance"`
	Model    MetaModel `json:"model"`
	Key      string    `json:"meta_key"`
	Field    string    `json:"field"` // the ERP field, e.g. "tax_id" or "x_loyalty_level"
	Type     string    `json:"type"`  // text, integer, decimal, boolean, date
	Active   bool      `json:"active"`
}
