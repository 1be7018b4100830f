package entity

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

func recordedCustomer(t *testing.T, name string) woo.Customer {
	t.Helper()
	c, err := woo.Decode[woo.Customer](recorded(t, name))
	require.NoError(t, err)
	return c
}

func TestMapRecordedCustomers(t *testing.T) {
	for _, raw := range recordedList(t, "customers_list") {
		recorded, err := woo.Decode[woo.Customer](raw)
		require.NoError(t, err)
		p, err := mapCustomer(demo(), recorded)
		require.NoError(t, err)
		require.Equal(t, key("customer", recorded.ID.String()), p.Key)
		require.Equal(t, recorded.Email, p.Email)
		require.Equal(t, recorded.FirstName+" "+recorded.LastName, p.Name)
		require.Equal(t, "123", p.Phone)
		require.False(t, p.Company)
		require.False(t, p.KeepExisting, "this is the customer's own record")
		require.Len(t, p.Addresses, 2)
		require.Equal(t, key("address", recorded.ID.String()+"-billing"), p.Addresses[0].Key)
		require.Equal(t, erp.InvoiceAddress, p.Addresses[0].Kind)
		require.Equal(t, key("address", recorded.ID.String()+"-shipping"), p.Addresses[1].Key)
		require.Equal(t, erp.DeliveryAddress, p.Addresses[1].Kind)
	}
}

func TestMapRecordedCompany(t *testing.T) {
	recorded := recordedCustomer(t, "customer_create")
	recorded.Billing.Company = "Müller GmbH"
	recorded.MetaData = []woo.Meta{meta("_vat", `"DE123"`)}
	p, err := mapCustomer(withMeta(instance.MetaCustomer, "_vat", "tax_id", "text"), recorded)
	require.NoError(t, err)
	require.True(t, p.Company)
	require.Equal(t, "Müller GmbH", p.Name)
	require.Equal(t, recorded.FirstName, p.FirstName)
	require.Equal(t, map[string]string{"tax_id": "DE123"}, p.Fields)
}

func TestNameOfCustomer(t *testing.T) {
	for _, test := range []struct {
		name string
		in   woo.Customer
		want string
	}{
		{"account", woo.Customer{FirstName: "A", LastName: "B", Billing: woo.Address{FirstName: "C"}}, "A B"},
		{"first name only", woo.Customer{FirstName: "A"}, "A"},
		{"billing", woo.Customer{Billing: woo.Address{FirstName: " C ", LastName: "D"}}, "C D"},
		{"shipping", woo.Customer{Shipping: woo.Address{FirstName: "E"}}, "E"},
		{"company", woo.Customer{FirstName: "A", Billing: woo.Address{Company: "ACME"}}, "ACME"},
		{"nothing", woo.Customer{Email: "a@example.com"}, "Customer 7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.in.ID = 7
			p, err := mapCustomer(demo(), test.in)
			require.NoError(t, err)
			require.Equal(t, test.want, p.Name)
		})
	}
}

func TestEmptyAddressesAreLeftOut(t *testing.T) {
	p, err := mapCustomer(demo(), woo.Customer{ID: 7, Billing: woo.Address{Country: "FR", Email: "a@example.com"}})
	require.NoError(t, err)
	require.Empty(t, p.Addresses)
}

func TestLandCustomersWithABadOneInTheMiddle(t *testing.T) {
	stub := &ledgerStub{}
	ec := withMeta(instance.MetaCustomer, "_level", "x_level", "integer")
	ec.Backend = stub
	bad := woo.Customer{ID: 2, MetaData: []woo.Meta{meta("_level", `"gold"`)}}
	page := pageOf(customer, woo.Customer{ID: 1}, bad, woo.Customer{ID: 3})
	page.Rejected = []flow.Rejected{{ID: "4", Err: fault.New(fault.Invalid, "the record cannot be read")}}
	results, err := land(context.Background(), ec, customer, page)
	require.NoError(t, err)
	require.Len(t, stub.partners, 2)
	require.Equal(t, []string{"customer created"}, results[0].Steps)
	require.Equal(t, erp.Failed, results[1].Status)
	require.Equal(t, "meta_conversion", results[1].Code)
	require.NotContains(t, results[1].Reason, "gold")
	require.Equal(t, key("customer", "3"), results[2].Key)
	require.Equal(t, erp.Failed, results[3].Status)
	require.Equal(t, "unreadable", results[3].Code)
	require.Equal(t, key("customer", "4"), results[3].Key)
}

func TestLandEmptyPage(t *testing.T) {
	ec := demo()
	ec.Backend = &ledgerStub{}
	results, err := land(context.Background(), ec, customer, pageOf(customer))
	require.NoError(t, err)
	require.Empty(t, results)
}

// short answers with fewer outcomes than records.
type short struct{ ledgerStub }

func (*short) UpsertPartners(context.Context, []erp.Partner) ([]erp.Outcome, error) { return nil, nil }

func TestLandHoldsTheBackendToOneOutcomeEach(t *testing.T) {
	ec := demo()
	ec.Backend = &short{}
	_, err := land(context.Background(), ec, customer, pageOf(customer, woo.Customer{ID: 1}))
	require.True(t, fault.Is(err, fault.Internal))
}
