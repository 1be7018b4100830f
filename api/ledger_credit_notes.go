package api

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"tandem/api/gen"
	"tandem/erp"
)

// ListLedgerCreditNotes searches the ledger's credit notes.
func (s *server) ListLedgerCreditNotes(ctx context.Context, in gen.ListLedgerCreditNotesRequestObject) (gen.ListLedgerCreditNotesResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	p := in.Params
	notes, next, err := desk.SearchCreditNotes(ctx, erp.CreditNoteSearch{
		RecordSearch: erp.RecordSearch{Text: p.Search, After: p.After, Limit: cmp.Or(p.Limit, pageSize)}, Order: p.Order,
	})
	return gen.ListLedgerCreditNotes200JSONResponse{
		Body:    gen.LedgerCreditNotePage{Items: collect(notes, creditNoteView), Next: next},
		Headers: gen.ListLedgerCreditNotes200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// CreateLedgerCreditNote gives back of an order.
func (s *server) CreateLedgerCreditNote(ctx context.Context, in gen.CreateLedgerCreditNoteRequestObject) (gen.CreateLedgerCreditNoteResponseObject, error) {
	ask, err := creditRequest(*in.Body)
	if err != nil {
		return nil, err
	}
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	made, err := desk.CreateCreditNote(ctx, cmp.Or(subjectOf(ctx), uuid.NewString()), ask)
	return gen.CreateLedgerCreditNote201JSONResponse{
		Body: creditNoteView(made), Headers: gen.CreateLedgerCreditNote201ResponseHeaders{Location: located("ledger", "credit-notes", made.ID)},
	}, err
}

// GetLedgerCreditNote reads a credit note.
func (s *server) GetLedgerCreditNote(ctx context.Context, in gen.GetLedgerCreditNoteRequestObject) (gen.GetLedgerCreditNoteResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	note, err := desk.CreditNote(ctx, in.ID)
	return gen.GetLedgerCreditNote200JSONResponse(creditNoteView(note)), err
}

// ReverseLedgerCreditNote takes a credit note back.
func (s *server) ReverseLedgerCreditNote(ctx context.Context, in gen.ReverseLedgerCreditNoteRequestObject) (gen.ReverseLedgerCreditNoteResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	note, err := desk.ReverseCreditNote(ctx, in.ID)
	return gen.ReverseLedgerCreditNote200JSONResponse(creditNoteView(note)), err
}

// creditRequest reads what is to be given back.
func creditRequest(said gen.NewLedgerCreditNote) (erp.CreditRequest, error) {
	var problems problems
	ask := erp.CreditRequest{
		Order: erp.OwnKey("order", said.Order), Date: said.Date.UTC(), Reason: said.Reason, Restock: said.Restock,
		Amount: problems.decimal("amount", said.Amount),
	}
	for i, line := range said.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		ask.Lines = append(ask.Lines, erp.CreditedLine{
			Of: line.Line, Quantity: problems.decimal(field+".quantity", line.Quantity), Amount: problems.decimal(field+".amount", line.Amount),
		})
	}
	named := 0
	for _, one := range []bool{len(said.Lines) > 0, said.Amount != "", said.All} {
		if one {
			named++
		}
	}
	switch {
	case named != 1:
		problems.add("lines", "give exactly one of lines, amount and all")
	case said.Amount != "" && !ask.Amount.IsPositive():
		problems.add("amount", "must be more than 0")
	}
	return ask, problems.err()
}

func creditNoteView(held erp.Held[erp.CreditNote]) gen.LedgerCreditNote {
	n := held.Record
	view := gen.LedgerCreditNote{
		ID: held.ID, Number: n.Posted, Reference: n.Number, Order: erp.OwnID(n.Order), OrderNumber: n.OrderNumber, Partner: erp.OwnID(n.Partner),
		Date: n.Date, Currency: n.Currency, Reason: n.Reason, Lines: collect(n.Lines, creditLineView), Taxes: collect(n.Taxes, ledgerOrderTax),
		Untaxed: n.Untaxed.String(), Tax: n.Tax.String(), Total: n.Total.String(), Restock: n.Restock, PaidOut: n.PaidOut, Reversed: n.Reversed,
		Instance: n.Store, StoreRefund: n.StoreID,
	}
	return view
}

func creditLineView(l erp.RefundLine) gen.LedgerCreditNoteLine {
	line := gen.LedgerCreditNoteLine{
		Line: l.Of, Kind: string(l.Kind), Description: l.Description, Quantity: l.Quantity.String(), Total: l.Total.String(),
	}
	for _, tax := range l.Taxes {
		line.Taxes = append(line.Taxes, erp.OwnID(tax.Tax))
	}
	return line
}
