package instance

import "tandem/fault"

// MissingForActivation names each field that must be filled before an instance may become active, in the order of the
// form, saying what to choose. It gives nil when nothing is missing. Webhook topics are not among them: a
// store is imported without webhooks too.
func MissingForActivation(i Instance) []*fault.Error {
	c := i.Config
	required := []struct {
		filled bool
		field  string
		choose string
	}{
		{c.General.Warehouse != "", "general.warehouse", "choose the warehouse whose stock the store sells"},
		{c.General.Currency != "", "general.currency", "choose the store's main currency"},
		{c.Payment.Term != "", "payment.term", "choose the payment term stamped on orders"},
		{c.Order.ImportThrough != "", "order.import_through", "choose whether the order status or the payment gateway picks the sale workflow"},
		{len(c.Order.Statuses) > 0, "order.statuses", "choose the order statuses to import"},
		{c.Order.SalesTeam != "", "order.sales_team", "choose the sales team stamped on orders"},
		{c.Order.Salesperson != "", "order.salesperson", "choose the salesperson stamped on orders"},
		{c.Order.CustomerAddress != "", "order.customer_address", "choose which address of an order is the customer's: billing or shipping"},
		{c.Stock.Field != "", "stock.field", "choose which stock figure is meant: free or forecast"},
	}
	var missing []*fault.Error
	for _, r := range required {
		if !r.filled {
			missing = append(missing, fault.Field(r.field, "is missing: %s", r.choose))
		}
	}
	return missing
}
