package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/partner"
	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

func TestRegisteredCustomerOfOrder(t *testing.T) {
	who := customerOf(entitytest.Demo(), entitytest.RecordedOrder(t, "order_customer_create"))
	p := who.partner
	require.Equal(t, entitytest.Key("customer", "502"), p.Key)
	require.True(t, p.KeepExisting, "an order must not overwrite the customer's own record")
	require.True(t, p.Company)
	require.Equal(t, "Müller GmbH", p.Name)
	require.Equal(t, "Anna", p.FirstName)
	require.Equal(t, "anna03698@example.com", p.Email)
	require.Equal(t, "+49 30 123", p.Phone)
	require.False(t, p.Guest)
	require.Len(t, p.Addresses, 2)
	invoice, delivery := p.Addresses[0], p.Addresses[1]
	require.Equal(t, erp.InvoiceAddress, invoice.Kind)
	require.Equal(t, "BE", invoice.State, "without the country")
	require.Equal(t, erp.DeliveryAddress, delivery.Kind)
	require.Equal(t, "Potsdam", delivery.City)
	require.Equal(t, "+49 30 123", delivery.Phone, "the phone is not lost")
	require.Equal(t, invoice.Key, who.invoice)
	require.Equal(t, delivery.Key, who.delivery)
	require.NotEqual(t, who.invoice, who.delivery)
}

func TestGuestOfOrder(t *testing.T) {
	recorded := entitytest.RecordedOrder(t, "order_guest_get_dp6")
	who := customerOf(entitytest.Demo(), recorded)
	require.Equal(t, "guest", who.partner.Key.Entity)
	require.Len(t, who.partner.Key.ID, 16)
	require.NotContains(t, who.partner.Key.ID, "@")
	require.True(t, who.partner.Guest)
	require.Equal(t, "Jean Dupont", who.partner.Name)
	require.Len(t, who.partner.Addresses, 1, "delivered to the billing address")
	require.Equal(t, who.invoice, who.delivery)

	again := recorded
	again.ID, again.Billing.Email = 4999, " GUEST@example.com"
	require.Equal(t, who.partner.Key, customerOf(entitytest.Demo(), again).partner.Key, "one guest by e-mail")
	again.Billing.Email = ""
	require.Equal(t, entitytest.Key("guest", "order-4999"), customerOf(entitytest.Demo(), again).partner.Key)
}

func TestStaticGuest(t *testing.T) {
	ec := entitytest.Demo()
	ec.Instance.Config.Order.GuestCustomers = false
	who := customerOf(ec, entitytest.RecordedOrder(t, "order_guest_get_dp6"))
	require.Equal(t, entitytest.Key("guest", "static"), who.partner.Key)
	require.Equal(t, "Guest Customer", who.partner.Name)
	require.Empty(t, who.partner.Email, "one guest's e-mail is not everybody's")
	require.Empty(t, who.partner.FirstName)
	require.Len(t, who.partner.Addresses, 1)
	require.Equal(t, "guest@example.com", who.partner.Addresses[0].Email)

	account := entitytest.RecordedOrder(t, "order_customer_create")
	require.Equal(t, entitytest.Key("customer", "502"), customerOf(ec, account).partner.Key, "only guests")
}

func TestShippingAddressNamesTheCustomer(t *testing.T) {
	ec := entitytest.Demo()
	ec.Instance.Config.Order.CustomerAddress = instance.ShippingAddress
	p := customerOf(ec, entitytest.RecordedOrder(t, "order_customer_create")).partner
	require.Equal(t, "Anna Müller", p.Name)
	require.False(t, p.Company)
	require.Equal(t, "+49 30 123", p.Phone)
}

func TestAddressesOfOrder(t *testing.T) {
	home := woo.Address{FirstName: "A", LastName: "B", Address1: "1 Rue", City: "Paris", Country: "FR", Phone: "1"}
	shop := home
	shop.Address1 = "2 Rue"
	withPhone := home
	withPhone.Phone = "2"
	for _, test := range []struct {
		name              string
		billing, shipping woo.Address
		addresses         int
		same              bool
	}{
		{"shipping left out", home, woo.Address{}, 1, true},
		{"shipping with a country only", home, woo.Address{Country: "FR"}, 1, true},
		{"billing left out", woo.Address{Email: "a@example.com"}, home, 1, true},
		{"the same twice", home, home, 1, true},
		{"another place", home, shop, 2, false},
		{"another phone", home, withPhone, 2, false},
		{"none", woo.Address{Email: "a@example.com"}, woo.Address{}, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			who := customerOf(entitytest.Demo(), woo.Order{ID: 9, Billing: test.billing, Shipping: test.shipping})
			require.Len(t, who.partner.Addresses, test.addresses)
			require.Equal(t, test.same, who.invoice == who.delivery)
			require.Equal(t, test.addresses == 0, who.invoice.IsZero())
			require.NotEmpty(t, who.partner.Name)
			require.NotContains(t, who.partner.Name, "@")
		})
	}
}

func TestContentKeyFollowsContent(t *testing.T) {
	ec, owner := entitytest.Demo(), entitytest.Key("customer", "1")
	a := erp.Address{Kind: erp.InvoiceAddress, Street: "1 Rue", City: "Paris"}
	require.Equal(t, partner.ContentKey(ec, owner, a), partner.ContentKey(ec, owner, a))
	for name, other := range map[string]erp.Key{
		"owner":   partner.ContentKey(ec, entitytest.Key("customer", "2"), a),
		"kind":    partner.ContentKey(ec, owner, erp.Address{Kind: erp.DeliveryAddress, Street: "1 Rue", City: "Paris"}),
		"content": partner.ContentKey(ec, owner, erp.Address{Kind: erp.InvoiceAddress, Street: "1 Rue", City: "Lyon"}),
		"borders": partner.ContentKey(ec, owner, erp.Address{Kind: erp.InvoiceAddress, Street: "1 RueParis"}),
	} {
		require.NotEqual(t, partner.ContentKey(ec, owner, a), other, name)
	}
}
