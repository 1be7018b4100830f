package partner

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

func recordedCustomer(t *testing.T, name string) woo.Customer {
	t.Helper()
	c, err := woo.Decode[woo.Customer](entitytest.Recorded(t, name))
	require.NoError(t, err)
	return c
}

func TestMapRecordedCustomers(t *testing.T) {
	for _, raw := range entitytest.RecordedList(t, "customers_list") {
		recorded, err := woo.Decode[woo.Customer](raw)
		require.NoError(t, err)
		p, err := mapCustomer(entitytest.Demo(), recorded)
		require.NoError(t, err)
		require.Equal(t, entitytest.Key("customer", recorded.ID.String()), p.Key)
		require.Equal(t, recorded.Email, p.Email)
		require.Equal(t, recorded.FirstName+" "+recorded.LastName, p.Name)
		require.Equal(t, "123", p.Phone)
		require.False(t, p.Company)
		require.False(t, p.KeepExisting, "this is the customer's own record")
		require.Len(t, p.Addresses, 2)
		require.Equal(t, entitytest.Key("address", recorded.ID.String()+"-billing"), p.Addresses[0].Key)
		require.Equal(t, erp.InvoiceAddress, p.Addresses[0].Kind)
		require.Equal(t, entitytest.Key("address", recorded.ID.String()+"-shipping"), p.Addresses[1].Key)
		require.Equal(t, erp.DeliveryAddress, p.Addresses[1].Kind)
	}
}

func TestMapRecordedCompany(t *testing.T) {
	recorded := recordedCustomer(t, "customer_create")
	recorded.Billing.Company = "Müller GmbH"
	recorded.MetaData = []woo.Meta{entitytest.Meta("_vat", `"DE123"`)}
	p, err := mapCustomer(entitytest.WithMeta(instance.MetaCustomer, "_vat", "tax_id", "text"), recorded)
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
			p, err := mapCustomer(entitytest.Demo(), test.in)
			require.NoError(t, err)
			require.Equal(t, test.want, p.Name)
		})
	}
}

func TestEmptyAddressesAreLeftOut(t *testing.T) {
	p, err := mapCustomer(entitytest.Demo(), woo.Customer{ID: 7, Billing: woo.Address{Country: "FR", Email: "a@example.com"}})
	require.NoError(t, err)
	require.Empty(t, p.Addresses)
}

func TestLandCustomersWithABadOneInTheMiddle(t *testing.T) {
	stub := &entitytest.Ledger{}
	ec := entitytest.WithMeta(instance.MetaCustomer, "_level", "x_level", "integer")
	ec.Backend = stub
	bad := woo.Customer{ID: 2, MetaData: []woo.Meta{entitytest.Meta("_level", `"gold"`)}}
	page := entitytest.PageOf(Customers, woo.Customer{ID: 1}, bad, woo.Customer{ID: 3})
	page.Rejected = []flow.Rejected{{ID: "4", Err: fault.New(fault.Invalid, "the record cannot be read")}}
	results, err := entitytest.Land(context.Background(), ec, Customers, page)
	require.NoError(t, err)
	require.Len(t, stub.Partners, 2)
	require.Equal(t, []string{"customer created"}, results[0].Steps)
	require.Equal(t, erp.Failed, results[1].Status)
	require.Equal(t, "meta_conversion", results[1].Code)
	require.NotContains(t, results[1].Reason, "gold")
	require.Equal(t, entitytest.Key("customer", "3"), results[2].Key)
	require.Equal(t, erp.Failed, results[3].Status)
	require.Equal(t, "unreadable", results[3].Code)
	require.Equal(t, entitytest.Key("customer", "4"), results[3].Key)
}

func TestLandEmptyPage(t *testing.T) {
	ec := entitytest.Demo()
	ec.Backend = &entitytest.Ledger{}
	results, err := entitytest.Land(context.Background(), ec, Customers, entitytest.PageOf(Customers))
	require.NoError(t, err)
	require.Empty(t, results)
}

// short answers with fewer outcomes than records.
type short struct{ entitytest.Ledger }

func (*short) UpsertPartners(context.Context, []erp.Partner) ([]erp.Outcome, error) { return nil, nil }

func TestLandHoldsTheBackendToOneOutcomeEach(t *testing.T) {
	ec := entitytest.Demo()
	ec.Backend = &short{}
	_, err := entitytest.Land(context.Background(), ec, Customers, entitytest.PageOf(Customers, woo.Customer{ID: 1}))
	require.True(t, fault.Is(err, fault.Internal))
}

func TestNamesOfAccountsAreUnescaped(t *testing.T) {
	for name, test := range map[string]struct {
		first, last string
		want        erp.Partner
	}{
		"an ampersand":  {"Anna &amp; Tom", "x &lt; y", erp.Partner{Name: "Anna & Tom x < y", FirstName: "Anna & Tom", LastName: "x < y"}},
		"a quote":       {"Sean", "O&#039;Hara", erp.Partner{Name: "Sean O'Hara", FirstName: "Sean", LastName: "O'Hara"}},
		"nothing to do": {"Anna", "Müller", erp.Partner{Name: "Anna Müller", FirstName: "Anna", LastName: "Müller"}},
	} {
		p, err := mapCustomer(entitytest.Demo(), woo.Customer{ID: 1, FirstName: test.first, LastName: test.last})
		require.NoError(t, err)
		require.Equal(t, [3]string{test.want.Name, test.want.FirstName, test.want.LastName}, [3]string{p.Name, p.FirstName, p.LastName}, name)
	}
	typed := woo.Address{FirstName: "Anna", LastName: "B", Company: "R&amp;D", Address1: "1 Rue A &amp; B", City: "Paris"}
	p, err := mapCustomer(entitytest.Demo(), woo.Customer{ID: 1, Billing: typed})
	require.NoError(t, err)
	require.Equal(t, "R&amp;D", p.Name, "addresses come as they were typed")
	require.Equal(t, "1 Rue A &amp; B", p.Addresses[0].Street)
}
