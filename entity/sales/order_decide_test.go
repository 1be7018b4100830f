package sales

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

func edited(quantity int64) woo.Order {
	return woo.Order{ID: 1, Status: "processing", Currency: "EUR", LineItems: []woo.LineItem{
		{ID: 7, ProductID: 12, Quantity: woo.NewDecimal(decimal.NewFromInt(quantity))}}}
}

// What was decided holds for one edit: the next one is held again, whatever the order's status became meanwhile.
func TestADecisionHoldsForOneEdit(t *testing.T) {
	completed := edited(2)
	completed.Status = "completed"
	decided := func(choice string) flow.Decision {
		return flow.Decision{Choice: choice, Subject: soldDigest(edited(2))}
	}
	for name, c := range map[string]struct {
		config  string
		decided flow.Decision
		order   woo.Order
		want    erp.Edits
	}{
		"not decided":             {"", flow.Decision{}, edited(2), erp.HoldEdits},
		"held as configured":      {instance.UntilConfirmed, flow.Decision{}, edited(2), erp.HoldEdits},
		"applied as configured":   {instance.UntilInvoiced, flow.Decision{}, edited(2), erp.ApplyEdits},
		"accepted":                {"", decided(mapping.Accept), edited(2), erp.ApplyEdits},
		"accepted, then shipped":  {"", decided(mapping.Accept), completed, erp.ApplyEdits},
		"refused":                 {"", decided(mapping.Keep), edited(2), erp.RefuseEdits},
		"refused though applied":  {instance.UntilInvoiced, decided(mapping.Keep), edited(2), erp.RefuseEdits},
		"another edit after that": {"", decided(mapping.Accept), edited(3), erp.HoldEdits},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, editsOf(instance.Order{ApplyEdits: c.config}, c.decided, c.order))
		})
	}
}

func TestDifferencesOfAnEditedOrder(t *testing.T) {
	product := func(id string) erp.Key { return erp.Key{Instance: "demo", Entity: "product", ID: id} }
	given := func(id, product, quantity, total string) erp.OrderLine {
		line := erp.OrderLine{ID: id, Kind: erp.ProductLine, Description: "Mug " + product, Quantity: entitytest.Amount(quantity), Total: entitytest.Amount(total)}
		line.Product = erp.Key{Instance: "demo", Entity: "product", ID: product}
		return line
	}
	held := []erp.LineFigures{
		{ID: "1", Product: product("5"), Description: "Mug 5", Quantity: entitytest.Amount("2"), Total: entitytest.Amount("20")},
		{ID: "2", Product: product("6"), Description: "Mug 6", Quantity: entitytest.Amount("1"), Total: entitytest.Amount("10.00")},
		{ID: "3", Description: "Shipping", Quantity: entitytest.Amount("1"), Total: entitytest.Amount("5")},
	}
	figures := erp.OrderFigures{Currency: "EUR", Total: entitytest.Amount("42"), Taxes: []erp.OrderTax{{Rate: entitytest.Amount("20"), Amount: entitytest.Amount("7")}}}
	order := erp.Order{Currency: "EUR", Total: entitytest.Amount("54"), Taxes: []erp.OrderTax{{Rate: entitytest.Amount("20.0"), Amount: entitytest.Amount("7")}, {Rate: entitytest.Amount("5.5"), Amount: entitytest.Amount("1")}},
		Lines: []erp.OrderLine{
			given("1", "5", "3", "30"), given("2", "8", "1", "10"), given("4", "9", "1", "1"),
			{ID: erp.RoundingLineID, Kind: erp.RoundingLine, Total: entitytest.Amount("0.01")},
		}}
	require.Equal(t, []erp.Difference{
		{Field: "line 1 quantity", ERP: "2", Store: "3"},
		{Field: "line 1 total", ERP: "20", Store: "30"},
		{Field: "line 2 product", ERP: "6 Mug 6", Store: "8 Mug 8"},
		{Field: "line 4", Store: "1 × Mug 9, 1"},
		{Field: "line 3", ERP: "1 × Shipping, 5"},
		{Field: "tax 5.5%", ERP: "0", Store: "1"},
		{Field: "total", ERP: "42", Store: "54"},
	}, orderDifferences(figures, held, order))
}

func TestManyDifferencesAreCut(t *testing.T) {
	var order erp.Order
	for i := range 80 {
		order.Lines = append(order.Lines, erp.OrderLine{ID: fmt.Sprint(i)})
	}
	got := orderDifferences(erp.OrderFigures{}, nil, order)
	require.Len(t, got, maxDifferences)
	require.Equal(t, "31 more fields", got[maxDifferences-1].Field)
}
