package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"tandem/erp"
	"tandem/woo"
)

// The names of entities that can be synced, as they stand in keys, logs and the API.
const (
	TaxClassName       = "tax_class"
	TaxName            = "tax"
	CategoryName       = "category"
	TagName            = "tag"
	BrandName          = "brand"
	AttributeName      = "attribute"
	ShippingClassName  = "shipping_class"
	PaymentGatewayName = "payment_gateway"
	ShippingZoneName   = "shipping_zone"
	ProductName        = "product"
	CustomerName       = erp.AccountEntity
	CouponName         = "coupon"
	OrderName          = "order"
	AttributeValueName = "attribute_value" // the rest are landed along with one of the above
	ShippingMethodName = "shipping_method"
	AddressName        = "address"
	GuestName          = "guest"
	priceListName      = "price_list"
	StaticGuestID      = "static"
	DigestLength       = 16 // hex digits: 64 bits tell the addresses of one store apart
)

// KeyOf gives the key of a numbered record.
func KeyOf(ec Context, entity string, id woo.ID) erp.Key {
	return NamedKey(ec, entity, id.String())
}

// NamedKey gives the key of a record the store knows by a name.
func NamedKey(ec Context, entity, id string) erp.Key {
	return erp.Key{Instance: ec.Instance.ID, Entity: entity, ID: id}
}

// OptionalKey gives the zero key for id 0, which means "none".
func OptionalKey(ec Context, entity string, id woo.ID) erp.Key {
	if id == 0 {
		return erp.Key{}
	}
	return KeyOf(ec, entity, id)
}

// KeysOf gives the keys of a list of ids; nil for none.
func KeysOf(ec Context, entity string, ids []woo.ID) []erp.Key {
	var keys []erp.Key
	for _, id := range ids {
		keys = append(keys, KeyOf(ec, entity, id))
	}
	return keys
}

// TermKeys gives the keys of the terms a product names; nil for none.
func TermKeys(ec Context, entity string, refs []woo.TermRef) []erp.Key {
	var keys []erp.Key
	for _, ref := range refs {
		keys = append(keys, KeyOf(ec, entity, ref.ID))
	}
	return keys
}

// PriceListKey names the regular or sale price list of a currency.
func PriceListKey(ec Context, kind erp.PriceKind, currency string) erp.Key {
	return NamedKey(ec, priceListName, erp.PriceListID(kind, currency))
}

// Digest makes a short id out of content. The separator cannot occur in the parts, so no two lists of parts collide.
func Digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])[:DigestLength]
}
