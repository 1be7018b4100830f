package instance

import (
	"maps"
	"slices"
)

// Owner says whose value of a part of a linked record counts.
type Owner string

// The owners. Empty is none: each direction writes the part whenever it writes the record, so that what runs last counts.
const (
	OwnedByStore  Owner = "store"  // imports write it, exports leave it
	OwnedByERP    Owner = "erp"    // exports write it, imports leave it
	OwnedByNewest Owner = "newest" // the side that changed it; where both did, the one that changed its record later
	OwnedByAsking Owner = "ask"    // the side that changed it; where both did, a person decides
)

// Ownership says, by kind of record and part of it, whose value counts once a record is linked. A record that only one side has is
// created on the other with all its parts.
type Ownership struct {
	Product       ProductOwners `json:"product"`
	Customer      RecordOwner   `json:"customer"`
	Coupon        RecordOwner   `json:"coupon"`
	Category      RecordOwner   `json:"category"`
	Tag           RecordOwner   `json:"tag"`
	Brand         RecordOwner   `json:"brand"`
	Attribute     RecordOwner   `json:"attribute"`
	ShippingClass RecordOwner   `json:"shipping_class"`
}

// ProductOwners are the owners of the parts of products and their variations, which are those that a push may be limited to.
type ProductOwners struct {
	Basic  Owner `json:"basic"` // all that is none of the others
	Price  Owner `json:"price"`
	Image  Owner `json:"image"`
	Stock  Owner `json:"stock"`  // whether stock is tracked; figures follow Stock.AutoUpdate and Stock.Import
	Status Owner `json:"status"` // whether it is published
}

// RecordOwner is the owner of records that have one part.
type RecordOwner struct {
	Basic Owner `json:"basic"`
}

// Of gives the owners of a kind of record by part; nil for one that has none to choose.
func (o Ownership) Of(entity string) map[string]Owner { return o.owners()[entity] }

// owners are all of them, by kind of record and part.
func (o Ownership) owners() map[string]map[string]Owner {
	one := func(r RecordOwner) map[string]Owner { return map[string]Owner{"basic": r.Basic} }
	p := o.Product
	return map[string]map[string]Owner{
		"product":  {"basic": p.Basic, "price": p.Price, "image": p.Image, "stock": p.Stock, "status": p.Status},
		"customer": one(o.Customer), "coupon": one(o.Coupon), "category": one(o.Category), "tag": one(o.Tag), "brand": one(o.Brand),
		"attribute": one(o.Attribute), "shipping_class": one(o.ShippingClass),
	}
}

// Chosen gives the parts of a kind of record that have an owner.
func (o Ownership) Chosen(entity string) map[string]Owner {
	chosen := map[string]Owner{}
	for part, owner := range o.Of(entity) {
		if owner != "" {
			chosen[part] = owner
		}
	}
	return chosen
}

// checkOwnership notes owners that are none, and parts that cannot be compared as the instance is configured.
func (c Config) checkOwnership(p *Problems) {
	all := c.Ownership.owners()
	for _, entity := range slices.Sorted(maps.Keys(all)) {
		for _, part := range slices.Sorted(maps.Keys(all[entity])) {
			field := "ownership." + entity + "." + part
			switch all[entity][part] {
			case "", OwnedByStore, OwnedByERP, OwnedByNewest, OwnedByAsking:
			default:
				p.add(field, "must be one of store, erp, newest, ask, or empty for none")
			}
		}
	}
	product := c.Ownership.Product
	if product.Price != "" && !c.Product.ImportPrice {
		p.add("ownership.product.price", "needs product.import_price to be true: prices are neither imported nor exported without it")
	}
	if product.Image != "" && (!c.Product.ImportImages || !c.Export.Images) {
		p.add("ownership.product.image", "needs product.import_images and export.images to be true: without them only one side's images are known")
	}
}
