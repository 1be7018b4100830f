package sales

import (
	"cmp"
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// paymentRoute is where a payment goes: a journal and one of its methods.
type paymentRoute struct{ journal, method int64 }

// paymentRoutes looks up where the payments of a round go, each journal and each method once.
type paymentRoutes struct {
	*Book
	journals map[[2]string]looked // by the journal's id and a currency
	methods  map[methodOf]looked
}

// methodOf is the code of a method with the journal it is wanted in.
type methodOf struct {
	journal int64
	code    string
}

// looked is what a lookup came to.
type looked struct {
	id  int64
	err error
}

// find gives the journal and the method a payment in a currency asks for.
func (r paymentRoutes) find(ctx context.Context, payment erp.PaymentRequest, currency string) (paymentRoute, error) {
	journal := once(r.journals, [2]string{payment.Journal, currency}, func() (int64, error) {
		return r.paymentJournal(ctx, payment.Journal, currency)
	})
	if journal.err != nil {
		return paymentRoute{}, journal.err
	}
	method := once(r.methods, methodOf{journal.id, payment.Method}, func() (int64, error) {
		return r.paymentMethod(ctx, journal.id, payment.Method)
	})
	return paymentRoute{journal.id, method.id}, method.err
}

// once looks something up when it is asked for the first time.
func once[K comparable](known map[K]looked, key K, look func() (int64, error)) looked {
	found, ok := known[key]
	if !ok {
		found.id, found.err = look()
		known[key] = found
	}
	return found
}

// paymentJournal finds a journal that takes money in a currency.
func (b *Book) paymentJournal(ctx context.Context, id, currency string) (int64, error) {
	type own struct {
		rpc.Row
		Currency rpc.Link `json:"currency_id"`
	}
	rows, err := rpc.Search[own](ctx, b.rpc, "account.journal",
		[]any{rpc.Where("id", "=", rpc.ParseID(id)), rpc.In("type", []string{"bank", "cash"})}, "currency_id")
	if err != nil || len(rows) == 0 {
		return 0, record.OrMissing(err, "journal", "there is no bank or cash journal %q: choose one of the ERP's", id)
	}
	if own := rows[0].Currency.Name; own != "" && own != currency {
		return 0, fault.Field("journal", "journal %q takes %s, but the order is in %s", id, own, currency)
	}
	return rows[0].ID, nil
}

// paymentMethod finds a method of incoming payments by its code, as the journal has it. Without a code it is the first one of
// the journal, which Odoo itself takes where a person chooses none.
func (b *Book) paymentMethod(ctx context.Context, journal int64, code string) (int64, error) {
	if code == "" && !rpc.MethodLines.For(b.rpc.Release) {
		return b.firstMethod(ctx, journal)
	}
	model, domain, columns := "account.payment.method", []any{rpc.Where("payment_type", "=", "inbound")}, []string{"code"}
	if rpc.MethodLines.For(b.rpc.Release) {
		model, domain, columns = "account.payment.method.line", append(domain, rpc.Where("journal_id", "=", journal)), []string{"sequence"}
	}
	if code != "" {
		domain = append(domain, rpc.Where("code", "=", code))
	}
	type method struct {
		rpc.Row
		Sequence int64 `json:"sequence"`
	}
	rows, err := rpc.Search[method](ctx, b.rpc, model, domain, columns...)
	if err != nil || len(rows) == 0 {
		return 0, record.OrMissing(err, "method", "there is no payment method %q in this journal: choose one of the ERP's", code)
	}
	return slices.MinFunc(rows, func(a, b method) int { return cmp.Compare(a.Sequence, b.Sequence) }).ID, nil
}

// firstMethod finds the first method of a journal, where methods have no lines of their own in it.
func (b *Book) firstMethod(ctx context.Context, journal int64) (int64, error) {
	type methods struct {
		rpc.Row
		Inbound []int64 `json:"inbound_payment_method_ids"`
	}
	rows, err := rpc.Search[methods](ctx, b.rpc, "account.journal", []any{rpc.Where("id", "=", journal)}, "inbound_payment_method_ids")
	if err != nil || len(rows) == 0 || len(rows[0].Inbound) == 0 {
		return 0, record.OrMissing(err, "method", "the journal has no method for incoming payments: add one to it in Odoo")
	}
	return slices.Min(rows[0].Inbound), nil
}
