package ledger

import (
	"context"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

// AdoptTerms binds keys to terms and, with them, to their values.
func (l *Ledger) AdoptTerms(ctx context.Context, batch []erp.Adoption[erp.Term]) error {
	return adoptRecords(ctx, l, adopter[erp.Term]{table: terms.table, model: terms.model, part: terms.model, key: terms.key}, batch)
}

// AdoptProducts binds keys to products and, with them, to their variants.
func (l *Ledger) AdoptProducts(ctx context.Context, batch []erp.Adoption[erp.Product]) error {
	return adoptRecords(ctx, l, adopter[erp.Product]{table: products.table, model: products.model, part: "variant", key: products.key}, batch)
}

// AdoptPartners binds keys to partners and, with them, to their addresses.
func (l *Ledger) AdoptPartners(ctx context.Context, batch []erp.Adoption[erp.Partner]) error {
	return adoptRecords(ctx, l, adopter[erp.Partner]{
		table: "partners", model: "partner", part: "address", key: func(p *erp.Partner) *erp.Key { return &p.Key }, digest: partnerDigests,
	}, batch)
}

// AdoptCoupons binds keys to coupons.
func (l *Ledger) AdoptCoupons(ctx context.Context, batch []erp.Adoption[erp.Coupon]) error {
	return adoptRecords(ctx, l, adopter[erp.Coupon]{table: coupons.table, model: coupons.model, part: coupons.model, key: coupons.key}, batch)
}

// Forget empties the digests under keys.
func (l *Ledger) Forget(ctx context.Context, keys []erp.Key) error {
	instances, entities, ids := columnsOfKeys(keys)
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE ledger.external_ids e SET digest = ''
			FROM unnest($1::text[], $2::text[], $3::text[]) AS k (instance, entity, ext_id)
			WHERE e.instance = k.instance AND e.entity = k.entity AND e.ext_id = k.ext_id AND e.digest <> ''`,
			pq.Array(instances), pq.Array(entities), pq.Array(ids))
		return classify(err)
	})
}

// adopter is how records of one kind are bound to keys.
type adopter[T any] struct {
	table, model string
	part         string // model of what belongs to a record
	key          func(*T) *erp.Key
	// digest names the content of a record, where that is not all of it, and of its parts; nil when it is.
	digest func(T) (own string, parts map[erp.Key]string, err error)
}

func adoptRecords[T any](ctx context.Context, l *Ledger, a adopter[T], batch []erp.Adoption[T]) error {
	if len(batch) == 0 {
		return nil
	}
	var bindings []binding
	for i := range batch {
		own, err := a.bindings(&batch[i])
		if err != nil {
			return err
		}
		bindings = append(bindings, own...)
	}
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		names := make([]string, len(bindings))
		for i, b := range bindings {
			names[i] = b.Model + "/" + erp.Key{Instance: b.Instance, Entity: b.Entity, ID: b.ExtID}.String()
		}
		if err := lockNames(ctx, tx, names); err != nil {
			return err
		}
		if err := a.checkHeld(ctx, tx, batch); err != nil {
			return err
		}
		if err := bind(ctx, tx, bindings); err != nil || a.model != products.model {
			return err
		}
		return bindOnlyVariants(ctx, tx, bindings)
	})
}

// bindOnlyVariants gives the products that are sold as they are the key of their one variant too.
func bindOnlyVariants(ctx context.Context, tx *sqlx.Tx, bindings []binding) error {
	array, err := encode(bindings)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO ledger.external_ids (instance, entity, ext_id, model, record_id)
		SELECT b.instance, b.entity, b.ext_id, 'variant', v.id
		FROM json_populate_recordset(NULL::ledger.external_ids, $1) b
		JOIN ledger.products p ON p.id = b.record_id AND p.kind <> 'variable'
		JOIN ledger.variants v ON v.product_id = p.id
		WHERE b.model = 'product'
		ON CONFLICT (instance, entity, ext_id, model) DO UPDATE SET record_id = EXCLUDED.record_id`, array)
	return err
}

// bindings gives what ties a record and its parts to keys. A product that is sold as it is has one key for both.
func (a adopter[T]) bindings(adoption *erp.Adoption[T]) ([]binding, error) {
	digest, parts, err := a.digests(adoption.Record)
	if err != nil {
		return nil, err
	}
	id, err := ledgerID(adoption.ID)
	if err != nil {
		return nil, err
	}
	bindings := []binding{bindingOf(*a.key(&adoption.Record), a.model, id, digest)}
	for key, text := range adoption.Parts {
		id, err := ledgerID(text)
		if err != nil {
			return nil, err
		}
		bindings = append(bindings, bindingOf(key, a.part, id, parts[key]))
	}
	return bindings, nil
}

func (a adopter[T]) digests(record T) (own string, parts map[erp.Key]string, err error) {
	if a.digest != nil {
		return a.digest(record)
	}
	own, err = landing.Digest(record, a.key)
	return own, nil, err
}

// partnerDigests names the content of a partner and of each of its addresses, as they are landed.
func partnerDigests(p erp.Partner) (own string, parts map[erp.Key]string, err error) {
	parts = make(map[erp.Key]string, len(p.Addresses))
	for _, address := range p.Addresses {
		if parts[address.Key], err = landing.Digest(address, func(a *erp.Address) *erp.Key { return &a.Key }); err != nil {
			return "", nil, err
		}
	}
	p.Addresses = nil
	own, err = landing.Digest(p, func(p *erp.Partner) *erp.Key { return &p.Key })
	return own, parts, err
}

// ledgerID reads an id; that of a variant is "<product>/<variant>".
func ledgerID(text string) (int64, error) {
	last := text[strings.LastIndex(text, "/")+1:]
	id, err := strconv.ParseInt(last, 10, 64)
	if err != nil {
		return 0, fault.Field("id", "%q is not an id of the ledger: ids are numbers", text)
	}
	return id, nil
}

// checkHeld refuses to bind keys to records that are gone.
func (a adopter[T]) checkHeld(ctx context.Context, tx *sqlx.Tx, batch []erp.Adoption[T]) error {
	ids := make([]string, len(batch))
	for i := range batch {
		ids[i] = batch[i].ID
	}
	var gone []string
	err := tx.SelectContext(ctx, &gone, `
		SELECT i FROM unnest($1::text[]) i WHERE NOT EXISTS (SELECT FROM ledger.`+a.table+` WHERE id = i::bigint)`, pq.Array(ids))
	if err == nil && len(gone) > 0 {
		err = fault.New(fault.NotFound, "the ledger no longer has the records %s", strings.Join(gone, ", "))
	}
	return err
}
