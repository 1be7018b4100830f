package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"tandem/erp"
	"tandem/woo"
)

// The names of what more than one area speaks of, as they stand in keys, logs and the API. The other names stand with their mapping.
const (
	TaxClassName = "tax_class"
	TaxName      = "tax"
	ProductName  = "product"
	CustomerName = erp.AccountEntity
	OrderName    = "order"
	RefundName   = "refund"
)

// priceListName names price lists in keys. They are made of the instance's currencies.
const priceListName = "price_list"

// DigestLength is how many hex digits of a digest stand in a key: 64 bits tell the addresses of one store apart.
const DigestLength = 16

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

// StoreID gives the store's id of a key, 0 for the zero key and for one that the store does not have yet.
func StoreID(key erp.Key) woo.ID {
	id, err := strconv.ParseInt(key.ID, 10, 64)
	if err != nil {
		return 0
	}
	return woo.ID(id)
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
