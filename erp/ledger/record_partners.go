package ledger

import (
	"context"
	"encoding/json"

	"github.com/lib/pq"

	"tandem/erp"
	"tandem/fault"
)

// ListPartners reads customers with their addresses.
func (l *Ledger) ListPartners(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Partner], error) {
	return listRecords(ctx, l, recordKind{table: "partners", where: "NOT t.guest"}, q, recordReader.partners)
}

func (r recordReader) partners(ctx context.Context, ids []int64) (map[int64]erp.Partner, error) {
	rows, err := rowsOf[partnerRow](ctx, r, `SELECT * FROM ledger.partners WHERE id = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return nil, err
	}
	addresses, err := rowsOf[addressRow](ctx, r, `SELECT * FROM ledger.addresses WHERE partner_id = ANY ($1) ORDER BY id`, pq.Array(ids))
	if err != nil {
		return nil, err
	}
	keyOf, err := r.keysOf(ctx, "partner", []string{erp.AccountEntity}, ids)
	if err != nil {
		return nil, err
	}
	addressKey, err := r.keysOf(ctx, "address", []string{"address"}, idsIn(addresses, func(a addressRow) int64 { return a.ID }))
	if err != nil {
		return nil, err
	}
	records := make(map[int64]erp.Partner, len(rows))
	for _, p := range rows {
		records[p.ID] = erp.Partner{
			Key: keyOf(p.ID), Company: p.Company, Name: p.Name, FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, Phone: p.Phone,
			TaxID: p.TaxID, Language: p.Language, Guest: p.Guest,
			Fields: fieldsOf(p.Fields, map[string]string{"comment": p.Comment, "reference": p.Reference}),
		}
	}
	for _, a := range addresses {
		p := records[a.PartnerID]
		p.Addresses = append(p.Addresses, a.address(addressKey(a.ID)))
		records[a.PartnerID] = p
	}
	return records, nil
}

func (a addressRow) address(key erp.Key) erp.Address {
	return erp.Address{
		Key: key, Kind: a.Kind, Name: a.Name, Company: a.Company, Street: a.Street, Street2: a.Street2,
		City: a.City, State: a.State, Zip: a.Zip, Country: a.Country, Email: a.Email, Phone: a.Phone,
	}
}

// ListCoupons reads discount codes.
func (l *Ledger) ListCoupons(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Coupon], error) {
	return listRecords(ctx, l, recordKind{table: coupons.table, where: "true"}, q, recordReader.coupons)
}

func (r recordReader) coupons(ctx context.Context, ids []int64) (map[int64]erp.Coupon, error) {
	rows, err := rowsOf[couponRow](ctx, r, `SELECT * FROM ledger.coupons WHERE id = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return nil, err
	}
	keyOf, err := r.keysOf(ctx, coupons.model, []string{"coupon"}, ids)
	if err != nil {
		return nil, err
	}
	records := make(map[int64]erp.Coupon, len(rows))
	for _, c := range rows {
		records[c.ID] = erp.Coupon{
			Key: keyOf(c.ID), Code: c.Code, Kind: c.Kind, Amount: c.Amount, Description: c.Description, Status: c.Status,
			Expires: timeOf(c.Expires), UsageCount: c.UsageCount, UsageLimit: c.UsageLimit, UsageLimitUser: c.UsageLimitUser,
			LimitItems: c.LimitItems, FreeShipping: c.FreeShipping, IndividualUse: c.IndividualUse, ExcludeSale: c.ExcludeSale,
			MinimumAmount: c.MinimumAmount, MaximumAmount: c.MaximumAmount, Products: c.Products, ExcludeProducts: c.ExcludeProducts,
			Categories: c.Categories, ExcludeCategory: c.ExcludeCategories, Emails: c.Emails,
		}
	}
	return records, r.translateRefs(ctx, records)
}

func decodeRows[R any](text []byte) ([]R, error) {
	var rows []R
	return rows, decodeInto(text, &rows)
}

// decodeInto reads rows that PostgreSQL wrote as JSON.
func decodeInto(text []byte, rows any) error {
	if err := json.Unmarshal(text, rows); err != nil {
		return fault.Wrap(fault.Internal, err, "a row of the ledger cannot be read")
	}
	return nil
}
