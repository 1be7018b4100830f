package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/partnerbook"
	"tandem/fault"
)

var (
	partnerPlace = place{table: "partners", model: "partner"}
	addressPlace = place{table: "addresses", model: "address"}
)

// Partners is work on customers and companies. An address that is left out of a change is removed, unless orders name it.
func (l *Ledger) Partners() erp.RecordDesk[erp.Partner] {
	return desk[erp.Partner]{
		ledger: l, place: partnerPlace, entity: erp.AccountEntity, where: `true`,
		finds: `(t.name ILIKE $1 OR t.email ILIKE $1 OR t.phone ILIKE $1 OR t.tax_id ILIKE $1)`,
		key:   func(p *erp.Partner) *erp.Key { return &p.Key }, name: nameAddresses, names: namedByPartner, check: checkPartner,
		prepare: preparePartner, land: landPartners, read: recordReader.partners,
	}
}

func nameAddresses(p *erp.Partner, fresh func(string) erp.Key) {
	p.Addresses = slices.Clone(p.Addresses)
	for i := range p.Addresses {
		if key := &p.Addresses[i].Key; key.IsZero() {
			*key = fresh("address")
		}
	}
}

func namedByPartner(p *erp.Partner) []reference {
	named := make([]reference, len(p.Addresses))
	for i, a := range p.Addresses {
		named[i] = reference{addressField(i) + ".id", a.Key, addressPlace}
	}
	return named
}

func addressField(i int) string { return fmt.Sprintf("addresses[%d]", i) }

// preparePartner keeps an e-mail to one partner, and addresses to those who have them.
func preparePartner(ctx context.Context, tx *sqlx.Tx, before erp.Held[erp.Partner], p *erp.Partner) error {
	for i, a := range p.Addresses {
		if own := erp.OwnID(a.Key); own != "" && !slices.ContainsFunc(before.Record.Addresses, func(b erp.Address) bool { return b.Key == a.Key }) {
			return fault.Field(addressField(i)+".id", "the address %s is another customer's: leave the id out to add one", own)
		}
	}
	if email := partnerbook.EmailKey(p.Email); email != partnerbook.EmailKey(before.Record.Email) {
		if err := checkEmailFree(ctx, tx, email); err != nil {
			return err
		}
	}
	var gone []int64
	for _, a := range before.Record.Addresses {
		if !slices.ContainsFunc(p.Addresses, func(b erp.Address) bool { return b.Key == a.Key }) {
			id, err := ledgerID(erp.OwnID(a.Key))
			if err != nil {
				return err
			}
			gone = append(gone, id)
		}
	}
	return removeAddresses(ctx, tx, gone)
}

// checkEmailFree refuses an e-mail that another partner has, whichever store that one is of: people are known by it.
func checkEmailFree(ctx context.Context, tx *sqlx.Tx, email string) error {
	if email == "" {
		return nil
	}
	if err := lockNames(ctx, tx, []string{"mailbox/" + mailbox{erp.OwnInstance, email}.String()}); err != nil {
		return err
	}
	var holders []int64
	err := tx.SelectContext(ctx, &holders, `SELECT id FROM ledger.partners WHERE email_key = $1 ORDER BY id LIMIT 1`, email)
	if err != nil {
		return classify(err)
	}
	if len(holders) > 0 {
		return fault.Field("email", "customer %d has this e-mail: change that one, or give another", holders[0])
	}
	return nil
}

func removeAddresses(ctx context.Context, tx *sqlx.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	var used []int64
	err := tx.SelectContext(ctx, &used, `
		SELECT DISTINCT a FROM ledger.orders o CROSS JOIN LATERAL unnest(ARRAY[o.invoice_address_id, o.delivery_address_id]) a
		WHERE a = ANY ($1) ORDER BY a`, pq.Array(ids))
	if err != nil {
		return classify(err)
	}
	if len(used) > 0 {
		return fault.Field("addresses", "address %d stands on orders, so it cannot be removed: keep it", used[0])
	}
	_, err = tx.ExecContext(ctx, `
		WITH keys AS (DELETE FROM ledger.external_ids WHERE model = 'address' AND record_id = ANY ($1))
		DELETE FROM ledger.addresses WHERE id = ANY ($1)`, pq.Array(ids))
	return classify(err)
}
