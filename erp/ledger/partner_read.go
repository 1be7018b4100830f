package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
)

// openPartnerBook locks and reads what the records may touch.
func openPartnerBook(ctx context.Context, tx *sqlx.Tx, records []*erp.Partner) (*partnerBook, error) {
	var keys, addressKeys []erp.Key
	var names []string
	var boxes []mailbox
	for _, record := range records {
		keys = append(keys, record.Key)
		names = append(names, "partner/"+record.Key.String())
		if box := mailboxOf(record); box.email != "" {
			boxes = append(boxes, box)
			names = append(names, "mailbox/"+box.instance+"/"+box.email)
		}
		for i := range record.Addresses {
			addressKeys = append(addressKeys, record.Addresses[i].Key)
		}
	}
	if err := lockNames(ctx, tx, names); err != nil {
		return nil, err
	}
	held, err := resolve(ctx, tx, "partner", keys)
	if err != nil {
		return nil, err
	}
	book := &partnerBook{byKey: map[erp.Key]*partner{}, byEmail: map[mailbox]*partner{}, addresses: map[erp.Key]*address{}}
	byID := map[int64]*partner{}
	for key, h := range held {
		book.byKey[key] = known(byID, h.ID, h.Digest)
	}
	if err := book.readMailboxes(ctx, tx, boxes, byID); err != nil {
		return nil, err
	}
	return book, book.readAddresses(ctx, tx, addressKeys, byID)
}

// known gives the one partner in memory that stands for an id.
func known(byID map[int64]*partner, id int64, digest string) *partner {
	if byID[id] == nil {
		byID[id] = &partner{id: id, digest: digest}
	}
	return byID[id]
}

// readMailboxes finds the partners that have an e-mail and a key of the same instance; of several the oldest.
func (b *partnerBook) readMailboxes(ctx context.Context, tx *sqlx.Tx, boxes []mailbox, byID map[int64]*partner) error {
	instances, emails := make([]string, len(boxes)), make([]string, len(boxes))
	for i, box := range boxes {
		instances[i], emails[i] = box.instance, box.email
	}
	var rows []struct {
		Instance string
		Email    string
		ID       int64
		Digest   string
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT DISTINCT ON (k.instance, k.email) k.instance, k.email, p.id, e.digest
		FROM unnest($1::text[], $2::text[]) k (instance, email)
		CROSS JOIN LATERAL (
			SELECT id FROM ledger.partners WHERE email_key = k.email AND email_key <> '' OFFSET 0
		) p
		CROSS JOIN LATERAL (
			SELECT digest FROM ledger.external_ids WHERE model = 'partner' AND record_id = p.id AND instance = k.instance OFFSET 0
		) e
		ORDER BY k.instance, k.email, p.id`, pq.Array(instances), pq.Array(emails))
	for _, row := range rows {
		box := mailbox{instance: row.Instance, email: row.Email}
		found := known(byID, row.ID, row.Digest)
		b.byEmail[box], found.mailbox = found, box
	}
	return classify(err)
}

func (b *partnerBook) readAddresses(ctx context.Context, tx *sqlx.Tx, keys []erp.Key, byID map[int64]*partner) error {
	if len(keys) == 0 {
		return nil
	}
	instances, entities, ids := columnsOfKeys(keys)
	var rows []struct {
		Instance  string
		Entity    string
		ExtID     string `db:"ext_id"`
		ID        int64
		Digest    string
		PartnerID int64 `db:"partner_id"`
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT k.instance, k.entity, k.ext_id, a.id, e.digest, a.partner_id
		FROM `+boundKeys+`
		JOIN ledger.addresses a ON a.id = e.record_id`, pq.Array(instances), pq.Array(entities), pq.Array(ids), "address")
	for _, row := range rows {
		key := erp.Key{Instance: row.Instance, Entity: row.Entity, ID: row.ExtID}
		// An owner the batch does not touch is only told apart from those it does, so its digest is of no interest.
		b.addresses[key] = &address{id: row.ID, digest: row.Digest, owner: known(byID, row.PartnerID, "")}
	}
	return classify(err)
}
