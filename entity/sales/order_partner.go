package sales

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"tandem/entity/mapping"
	"tandem/entity/partner"
	"tandem/erp"
	"tandem/woo"
)

// guestName names guests in keys. They land along with their orders.
const guestName = "guest"

// staticGuestID is the id of the one guest that all are, where they get no contact of their own.
const staticGuestID = "static"

// guestTitle is the name of the one contact that all guests are addresses of, where they get no contact of their own.
const guestTitle = "Guest Customer"

// orderCustomer is who an order is for, and where the invoice and the goods go.
type orderCustomer struct {
	partner  erp.Partner
	invoice  erp.Key
	delivery erp.Key
}

// customerOf makes the customer of an order: the account, a guest of their own, or an address of the one static guest.
// What an order says never overwrites what is known of a customer; it only adds addresses.
func customerOf(ec mapping.Context, o woo.Order) orderCustomer {
	billing, shipping := o.Billing, o.Shipping
	if !partner.IsAddress(billing) {
		billing = shipping
		billing.Email, billing.Phone = o.Billing.Email, partner.FirstText(o.Billing.Phone, shipping.Phone)
	}
	if !partner.IsAddress(shipping) {
		shipping = billing
	}
	who := orderCustomer{partner: orderPartner(ec, o, billing, shipping)}
	who.addAddresses(ec, billing, shipping)
	return who
}

// orderPartner names the customer by the address the instance is configured with.
func orderPartner(ec mapping.Context, o woo.Order, billing, shipping woo.Address) erp.Partner {
	if o.CustomerID == 0 && !ec.Instance.Config.Order.GuestCustomers {
		return erp.Partner{Key: mapping.NamedKey(ec, guestName, staticGuestID), Name: guestTitle, Guest: true, KeepExisting: true}
	}
	main := partner.MainAddress(ec, billing, shipping)
	email, vat := strings.TrimSpace(o.Billing.Email), vatOf(ec, o)
	if o.CustomerID != 0 {
		who := partner.Contact(main, "Customer "+o.CustomerID.String())
		who.Key = mapping.KeyOf(ec, mapping.CustomerName, o.CustomerID)
		who.Email, who.KeepExisting = email, true
		who.TaxID, who.InvalidTaxID = vat.Number, vat.Invalid
		who.Phone = partner.FirstText(who.Phone, billing.Phone)
		return who
	}
	who := partner.Contact(main, "Guest of order "+o.ID.String())
	who.Key = guestKey(ec, o.ID, email)
	who.Email, who.Guest, who.KeepExisting = email, true, true
	who.TaxID, who.InvalidTaxID = vat.Number, vat.Invalid
	who.Phone = partner.FirstText(who.Phone, billing.Phone)
	return who
}

// guestKey knows a guest by e-mail address, so that two orders of one person are one contact; without one, by the order.
func guestKey(ec mapping.Context, order woo.ID, email string) erp.Key {
	if email == "" {
		return mapping.NamedKey(ec, guestName, "order-"+order.String())
	}
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return mapping.NamedKey(ec, guestName, hex.EncodeToString(sum[:])[:mapping.DigestLength])
}

// addAddresses adds the invoice address, and the delivery address unless it is the same place.
func (c *orderCustomer) addAddresses(ec mapping.Context, billing, shipping woo.Address) {
	if !partner.IsAddress(billing) {
		return
	}
	invoice := partner.AddressOf(billing, erp.InvoiceAddress)
	invoice.Key = partner.ContentKey(ec, c.partner.Key, invoice)
	c.partner.Addresses = append(c.partner.Addresses, invoice)
	c.invoice, c.delivery = invoice.Key, invoice.Key
	if samePlace(billing, shipping) {
		return
	}
	delivery := partner.AddressOf(shipping, erp.DeliveryAddress)
	delivery.Phone = partner.FirstText(delivery.Phone, invoice.Phone)
	delivery.Key = partner.ContentKey(ec, c.partner.Key, delivery)
	c.partner.Addresses = append(c.partner.Addresses, delivery)
	c.delivery = delivery.Key
}

// samePlace compares two addresses by who and where; the store asks for the e-mail with the billing address only, and
// for the phone often too.
func samePlace(billing, shipping woo.Address) bool {
	if shipping.Phone != "" && shipping.Phone != billing.Phone {
		return false
	}
	billing.Email, shipping.Email, billing.Phone, shipping.Phone = "", "", "", ""
	return partner.AddressOf(billing, erp.OtherAddress) == partner.AddressOf(shipping, erp.OtherAddress)
}

// landOrderPartners lands the customers of orders, each once with all addresses. A customer who is refused so is landed
// with the addresses of one order at a time: a bad address holds up only the order that it came with.
func landOrderPartners(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) error {
	partners, at := uniquePartners(attempts)
	outcomes, err := mapping.Upsert(ctx, ec, erp.Backend.UpsertPartners, partners)
	if err != nil {
		return err
	}
	orders := map[erp.Key]int{}
	for _, a := range attempts {
		orders[a.Value.partner.Key]++
	}
	for _, a := range attempts {
		outcome := outcomes[at[a.Value.partner.Key]]
		if !outcome.Landed() && orders[a.Value.partner.Key] > 1 {
			alone, err := mapping.Upsert(ctx, ec, erp.Backend.UpsertPartners, []erp.Partner{a.Value.partner})
			if err != nil {
				return err
			}
			outcome = alone[0]
		}
		takePartner(a, outcome)
	}
	return nil
}

// takePartner notes what became of an order's customer. An order whose customer is refused is not landed.
func takePartner(a *orderAttempt, outcome erp.Outcome) {
	if outcome.Landed() {
		a.Note("contact " + string(outcome.Status))
		for _, step := range outcome.Steps {
			a.Note(step)
		}
		return
	}
	a.Settle(erp.Outcome{
		Key: a.Outcome.Key, Status: outcome.Status, Code: outcome.Code, Waits: outcome.Waits,
		Reason: "the order's customer was refused: " + outcome.Reason,
	})
}

// uniquePartners merges the customers of many orders; at gives where each stands.
func uniquePartners(attempts []*orderAttempt) (partners []erp.Partner, at map[erp.Key]int) {
	at = map[erp.Key]int{}
	addresses := map[erp.Key]bool{}
	for _, a := range attempts {
		partner := a.Value.partner
		i, seen := at[partner.Key]
		if !seen {
			i = len(partners)
			at[partner.Key] = i
			partners = append(partners, partner)
			partners[i].Addresses = nil
		}
		for _, address := range partner.Addresses {
			if !addresses[address.Key] {
				addresses[address.Key] = true
				partners[i].Addresses = append(partners[i].Addresses, address)
			}
		}
	}
	return partners, at
}
