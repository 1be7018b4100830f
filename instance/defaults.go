package instance

// Statuses no import ever takes: a cart that is still being filled, an unsaved editor page, and the bin.
const (
	StatusCheckoutDraft = "checkout-draft"
	StatusAutoDraft     = "auto-draft"
	StatusTrash         = "trash"
)

// DefaultWorkflowID is the sale workflow that ships with Tandem.
const DefaultWorkflowID = "default"

// DefaultConnection is how most stores are reached: two readers saturate a usual store, more only slow its shoppers.
func DefaultConnection() Connection {
	return Connection{APIVersion: "wc/v3", VerifySSL: true, Readers: 2}
}

// DefaultConfig is what a new instance starts with. What only a person can decide (warehouse, payment term, sales team,
// webhooks …) is left empty, so that activation asks for it.
func DefaultConfig() Config {
	return Config{
		Product: Product{ImportPrice: true, ImportImages: true},
		Order: Order{
			ImportThrough:   ThroughStatus,
			Statuses:        []string{"processing", "completed"},
			CustomerAddress: BillingAddress,
			GuestCustomers:  true,
			RoundingLimit:   "0.01",
			ApplyEdits:      UntilConfirmed,
		},
		Stock: Stock{Field: FreeQuantity, Import: true},
	}
}

// DefaultSaleWorkflow takes an order all the way: validated, invoiced, paid and shipped. Journal and method are left to
// the caller, who knows what the backend offers; until then it does not validate.
func DefaultSaleWorkflow() SaleWorkflow {
	return SaleWorkflow{
		ID: DefaultWorkflowID, Name: "Validate, invoice, pay and ship", Default: true,
		ValidateOrder: true, CreateInvoice: true, RegisterPayment: true, ConfirmShipment: true,
	}
}

// WebhookTopics lists the events an instance may ask the store to report: the eight of the classic connector first,
// then deletion and restoration.
func WebhookTopics() []string {
	var topics []string
	for _, event := range []string{"created", "updated", "deleted", "restored"} {
		for _, resource := range []string{"order", "product", "customer", "coupon"} {
			topics = append(topics, resource+"."+event)
		}
	}
	return topics
}
