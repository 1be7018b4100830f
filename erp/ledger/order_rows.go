package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
)

// progressRow holds what may change of an order at any time: what the store says of its progress.
type progressRow struct {
	ID             int64             `json:"id"`
	StoreStatus    string            `json:"store_status"`
	StoreCancelled bool              `json:"store_cancelled"`
	Gateway        string            `json:"gateway"`
	GatewayTitle   string            `json:"gateway_title"`
	TransactionID  string            `json:"transaction_id"`
	PaidAt         *time.Time        `json:"paid_at"`
	CustomerNote   string            `json:"customer_note"`
	Reference      string            `json:"reference"`
	Comment        string            `json:"comment"`
	Notes          []erp.Note        `json:"notes"`
	Coupons        []string          `json:"coupons"`
	Fields         map[string]string `json:"fields"`
}

// orderRow holds the rest as well, which may change until the order is invoiced or shipped.
type orderRow struct {
	progressRow
	Instance          string          `json:"instance"`
	Number            string          `json:"number"`
	Date              time.Time       `json:"date"`
	Currency          string          `json:"currency"`
	PartnerID         int64           `json:"partner_id"`
	InvoiceAddressID  *int64          `json:"invoice_address_id"`
	DeliveryAddressID *int64          `json:"delivery_address_id"`
	PriceListID       *int64          `json:"price_list_id"`
	WarehouseID       int64           `json:"warehouse_id"`
	SalesTeamID       *int64          `json:"sales_team_id"`
	SalespersonID     *int64          `json:"salesperson_id"`
	PaymentTermID     *int64          `json:"payment_term_id"`
	Untaxed           decimal.Decimal `json:"untaxed"`
	Tax               decimal.Decimal `json:"tax"`
	Total             decimal.Decimal `json:"total"`
	Amounts           string          `json:"amounts"`
	Stage             erp.OrderStage  `json:"stage"`
}

type orderLineRow struct {
	OrderID     int64           `json:"order_id"`
	Position    int             `json:"position"`
	StoreLine   string          `json:"store_line"`
	Kind        erp.LineKind    `json:"kind"`
	VariantID   *int64          `json:"variant_id"`
	ProductKey  erp.Key         `json:"product_key"` // under which the shop sold the variant
	Placeholder bool            `json:"placeholder"` // the variant stands for what the shop did not have
	Description string          `json:"description"`
	Quantity    decimal.Decimal `json:"quantity"`
	UnitPrice   decimal.Decimal `json:"unit_price"`
	Discount    decimal.Decimal `json:"discount"`
	Total       decimal.Decimal `json:"total"`
	Taxes       []lineTaxRow    `json:"taxes"`
	SetAside    decimal.Decimal `json:"set_aside"`
	Reserved    decimal.Decimal `json:"reserved"`
}

type lineTaxRow struct {
	Tax    int64           `json:"tax"`
	Amount decimal.Decimal `json:"amount"`
}

type orderTaxRow struct {
	OrderID  int64           `json:"order_id"`
	Position int             `json:"position"`
	TaxID    int64           `json:"tax_id"`
	TaxKey   erp.Key         `json:"tax_key"`
	Label    string          `json:"label"`
	Rate     decimal.Decimal `json:"rate"`
	Amount   decimal.Decimal `json:"amount"`
}

func (p orderPlan) progressRow() progressRow {
	o := p.Record
	row := progressRow{
		ID: p.ID, StoreStatus: o.StoreStatus, StoreCancelled: p.ByStore,
		Gateway: o.Gateway, GatewayTitle: o.GatewayTitle, TransactionID: o.TransactionID, PaidAt: moment(o.PaidAt),
		CustomerNote: o.CustomerNote, Notes: filled(o.Notes), Coupons: filled(o.Coupons),
	}
	if p.own != nil {
		row.CustomerNote, row.Reference, row.Comment = p.own.CustomerNote, p.own.Reference, p.own.Comment
	}
	row.Fields = setFields(o.Fields, map[string]*string{"reference": &row.Reference, "comment": &row.Comment})
	return row
}

// row is all of an order. One that was made here keeps what people gave it: of the store come its amounts and its progress.
func (p orderPlan) row(refs orderRefs) orderRow {
	o := p.Record
	if p.own != nil {
		row := *p.own
		row.progressRow, row.Stage = p.progressRow(), p.Stage
		row.Currency, row.Untaxed, row.Tax, row.Total, row.Amounts = o.Currency, o.Untaxed, o.Tax, o.Total, p.amounts
		return row
	}
	return orderRow{
		progressRow: p.progressRow(),
		Instance:    o.Key.Instance, Number: o.Number, Date: o.Date, Currency: o.Currency,
		PartnerID:         refs.partners[o.Partner].ID,
		InvoiceAddressID:  idOf(refs.addresses, o.InvoiceAddress),
		DeliveryAddressID: idOf(refs.addresses, o.DeliveryAddress),
		PriceListID:       idOf(refs.priceLists, o.PriceList),
		WarehouseID:       p.warehouse,
		SalesTeamID:       refs.setting("sales team", o.SalesTeam),
		SalespersonID:     refs.setting("salesperson", o.Salesperson),
		PaymentTermID:     refs.setting("payment term", o.PaymentTerm),
		Untaxed:           o.Untaxed, Tax: o.Tax, Total: o.Total, Amounts: p.amounts, Stage: p.Stage,
	}
}

func (p orderPlan) lineRows(refs orderRefs) []orderLineRow {
	rows := make([]orderLineRow, len(p.Record.Lines))
	for i, line := range p.Record.Lines {
		rows[i] = orderLineRow{
			OrderID: p.ID, Position: i + 1, StoreLine: line.ID, Kind: line.Kind, ProductKey: line.Product,
			Placeholder: line.Placeholder, Description: line.Description, Quantity: line.Quantity, UnitPrice: line.UnitPrice, Discount: line.Discount, Total: line.Total,
			Taxes: make([]lineTaxRow, len(line.Taxes)), SetAside: line.SetAside,
		}
		for j, tax := range line.Taxes {
			rows[i].Taxes[j] = lineTaxRow{Tax: refs.taxes[tax.Tax].ID, Amount: tax.Amount}
		}
		if line.Kind == erp.ProductLine {
			variant := refs.variants[line.Product]
			rows[i].VariantID = &variant.ID
			rows[i].Reserved = reservation(p.Stage, p.delivered, variant.Tracked, line.Quantity, line.SetAside, p.shipped(i+1))
		}
	}
	return rows
}

func (p orderPlan) taxRows(refs orderRefs) []orderTaxRow {
	rows := make([]orderTaxRow, len(p.Record.Taxes))
	for i, tax := range p.Record.Taxes {
		rows[i] = orderTaxRow{OrderID: p.ID, Position: i + 1, TaxID: refs.taxes[tax.Tax].ID, TaxKey: tax.Tax,
			Label: tax.Label, Rate: tax.Rate, Amount: tax.Amount}
	}
	return rows
}

func idOf(records map[erp.Key]held, key erp.Key) *int64 {
	if key.IsZero() {
		return nil
	}
	id := records[key].ID
	return &id
}

func (refs orderRefs) setting(kind, code string) *int64 {
	if code == "" {
		return nil
	}
	id := refs.settings[check.Setting{Kind: kind, Code: code}]
	return &id
}
