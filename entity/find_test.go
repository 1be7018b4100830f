package entity

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/catalog"
	"tandem/entity/mapping"
	"tandem/entity/partner"
	"tandem/entity/sales"
	"tandem/entity/tax"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
	"tandem/woo/wootest"
)

func TestTheStoreIsAskedForWhatATextNames(t *testing.T) {
	ec, _ := connect(t, wootest.Demo())
	orders, err := ec.Store.Orders.List(t.Context(), woo.ListOptions{PerPage: 1})
	require.NoError(t, err)
	products, err := ec.Store.Products.List(t.Context(), woo.ListOptions{PerPage: 100})
	require.NoError(t, err)
	customers, err := ec.Store.Customers.List(t.Context(), woo.ListOptions{PerPage: 1})
	require.NoError(t, err)
	order, customer := orders.Records[0], customers.Records[0]
	var simple, variable woo.Product
	for _, p := range products.Records {
		switch {
		case p.Type == woo.ProductSimple && p.SKU != "":
			simple = p
		case p.Type == woo.ProductVariable:
			variable = p
		}
	}
	variations, err := ec.Store.Variations.Of(variable.ID).List(t.Context(), woo.ListOptions{})
	require.NoError(t, err)
	variation := variations.Records[0]
	require.NotEmpty(t, variation.SKU)

	for text, want := range map[string]mapping.StoreRecord{
		order.ID.String():                mapping.Takes("order", order.ID.String()),
		"#" + order.ID.String():          mapping.Takes("order", order.ID.String()),
		"d-" + order.ID.String():         mapping.Takes("order", order.ID.String()),
		simple.SKU:                       mapping.Takes("product", simple.ID.String()),
		variation.SKU:                    mapping.Takes("product", variable.ID.String()),
		strings.ToUpper(customer.Email):  mapping.Takes("customer", customer.ID.String()),
		"nobody@nowhere.example":         {},
		"99999999":                       {},
		"99999999999999999999999999":     {},
		"#0":                             {},
		"no such SKU":                    {},
		simple.SKU + "," + variation.SKU: {},
	} {
		found, err := FindInStore(t.Context(), ec, text)
		require.NoError(t, err, text)
		if want.ID == "" {
			require.Empty(t, found, text)
			continue
		}
		require.Equal(t, []mapping.StoreRecord{want}, found, text)
	}

	ec.Instance.Config.Order.Statuses = []string{"some-other"}
	found, err := FindInStore(t.Context(), ec, order.ID.String())
	require.NoError(t, err)
	require.Equal(t, "config.order.statuses", found[0].Field)

	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	_, err = FindInStore(ctx, ec, "77")
	require.Error(t, err)
	require.False(t, fault.Is(err, fault.Internal) && !errors.Is(err, context.DeadlineExceeded), "it is classified: %v", err)
}

// What people ask for a record by.
func TestNamesOfRecords(t *testing.T) {
	require.Equal(t, []string{"a@example.com"}, partner.Customers.Describe(woo.Customer{ID: 1, Email: "a@example.com"}).Names)
	require.Equal(t, []string{"TEN"}, catalog.Coupons.Describe(woo.Coupon{ID: 1, Code: "TEN"}).Names)
}

// What people call a record stays with its link, which holds no personal data.
func TestLabelsOfRecords(t *testing.T) {
	require.Empty(t, partner.Customers.Describe(woo.Customer{ID: 1, Email: "a@example.com", FirstName: "Ann"}).Label)
	require.Equal(t, "TEN", catalog.Coupons.Describe(woo.Coupon{ID: 1, Code: "TEN"}).Label)
	require.Equal(t, "Tea & cups", catalog.Categories.Describe(woo.Category{ID: 1, Name: "Tea &amp; cups"}).Label)
	require.Equal(t, "FR 20 %", tax.Rates.Describe(woo.TaxRate{ID: 1, Country: "FR", Rate: woo.NewDecimal(decimal.NewFromInt(20))}).Label)
	require.Equal(t, "Reduced rate", tax.Classes.Describe(woo.TaxClass{Slug: "reduced-rate", Name: "Reduced rate"}).Label)
	require.Equal(t, "Cash on delivery", sales.PaymentGateways.Describe(woo.PaymentGateway{ID: "cod", MethodTitle: "Cash on delivery", Title: "Pay the driver"}).Label)

	mug := erp.Product{Name: "Mug", SKU: "MUG"}
	require.Equal(t, "Mug · MUG", catalog.ProductExport.Describe(mapping.Sent[erp.Product]{Held: erp.Held[erp.Product]{ID: "5", Record: mug}}).Label)
	require.Equal(t, "TEN", catalog.CouponExport.Describe(mapping.Sent[erp.Coupon]{Held: erp.Held[erp.Coupon]{Record: erp.Coupon{Code: "TEN"}}}).Label)
	require.Equal(t, "Colour", catalog.AttributeExport.Describe(mapping.Sent[erp.Term]{Held: erp.Held[erp.Term]{Record: erp.Term{Name: "Colour"}}}).Label)
	require.Empty(t, partner.CustomerExport.Describe(mapping.Sent[erp.Partner]{Held: erp.Held[erp.Partner]{Record: erp.Partner{Name: "Ann"}}}).Label)
}
