package entity

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

// The names of entities that can be synced, as they stand in keys, logs and the API.
const (
	taxClassName       = "tax_class"
	taxName            = "tax"
	categoryName       = "category"
	tagName            = "tag"
	brandName          = "brand"
	attributeName      = "attribute"
	shippingClassName  = "shipping_class"
	paymentGatewayName = "payment_gateway"
	shippingZoneName   = "shipping_zone"
	productName        = "product"
	customerName       = erp.AccountEntity
	couponName         = "coupon"
	orderName          = "order"
	attributeValueName = "attribute_value" // the rest are landed along with one of the above
	shippingMethodName = "shipping_method"
	addressName        = "address"
	guestName          = "guest"
	priceListName      = "price_list"
	staticGuestID      = "static"
	digestLength       = 16 // hex digits: 64 bits tell the addresses of one store apart
)

// keyOf gives the key of a numbered record.
func keyOf(ec Context, entity string, id woo.ID) erp.Key {
	return namedKey(ec, entity, id.String())
}

// namedKey gives the key of a record the store knows by a name.
func namedKey(ec Context, entity, id string) erp.Key {
	return erp.Key{Instance: ec.Instance.ID, Entity: entity, ID: id}
}

// optionalKey gives the zero key for id 0, which means "none".
func optionalKey(ec Context, entity string, id woo.ID) erp.Key {
	if id == 0 {
		return erp.Key{}
	}
	return keyOf(ec, entity, id)
}

// keysOf gives the keys of a list of ids; nil for none.
func keysOf(ec Context, entity string, ids []woo.ID) []erp.Key {
	var keys []erp.Key
	for _, id := range ids {
		keys = append(keys, keyOf(ec, entity, id))
	}
	return keys
}

// termKeys gives the keys of the terms a product names; nil for none.
func termKeys(ec Context, entity string, refs []woo.TermRef) []erp.Key {
	var keys []erp.Key
	for _, ref := range refs {
		keys = append(keys, keyOf(ec, entity, ref.ID))
	}
	return keys
}

// priceListKey names the regular or sale price list of a currency.
func priceListKey(ec Context, kind erp.PriceKind, currency string) erp.Key {
	return namedKey(ec, priceListName, erp.PriceListID(kind, currency))
}

// digest makes a short id out of content. The separator cannot occur in the parts, so no two lists of parts collide.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])[:digestLength]
}

// currencies are those of the instance: the main one, the further ones, and the one the store prices in.
func currencies(inst instance.Instance) []string {
	var list []string
	seen := map[string]bool{"": true}
	all := append([]string{inst.Config.General.Currency}, inst.Config.General.Currencies...)
	for _, code := range append(all, inst.Store.Currency) {
		if !seen[code] {
			seen[code] = true
			list = append(list, code)
		}
	}
	return list
}

// storeCurrency is the currency the store enters its prices in.
func storeCurrency(inst instance.Instance) string {
	if inst.Store.Currency != "" {
		return inst.Store.Currency
	}
	return inst.Config.General.Currency
}
