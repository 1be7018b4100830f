package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
	"tandem/instance"
)

const saleWorkflowColumns = `id, name, is_default AS "default", validate_order AS validateorder, create_invoice AS createinvoice,
	force_invoice_date AS forceinvoicedate, register_payment AS registerpayment, payment_journal AS paymentjournal,
	payment_method AS paymentmethod, confirm_shipment AS confirmshipment, partial_shipment AS partialshipment`

// SaleWorkflows lists all sale workflows, ordered by name.
func (d *DB) SaleWorkflows(ctx context.Context) ([]instance.SaleWorkflow, error) {
	workflows := []instance.SaleWorkflow{}
	err := d.pool.SelectContext(ctx, &workflows, `SELECT `+saleWorkflowColumns+` FROM tandem.sale_workflows ORDER BY name, id`)
	return workflows, classify(err, "listing sale workflows")
}

// SaleWorkflow gives one sale workflow; NotFound when there is none.
func (d *DB) SaleWorkflow(ctx context.Context, id string) (instance.SaleWorkflow, error) {
	var w instance.SaleWorkflow
	err := d.pool.GetContext(ctx, &w, `SELECT `+saleWorkflowColumns+` FROM tandem.sale_workflows WHERE id = $1`, id)
	return w, classify(err, "reading the sale workflow")
}

// CreateSaleWorkflow stores a new sale workflow; an empty ID gets one. A new default takes the place of the former one.
// Conflict when the id exists, Invalid when a sub-option is set without its parent.
func (d *DB) CreateSaleWorkflow(ctx context.Context, w instance.SaleWorkflow) (instance.SaleWorkflow, error) {
	const doing = "creating the sale workflow"
	if w.ID == "" {
		w.ID = newID()
	}
	err := d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		if err := yieldDefault(ctx, tx, w); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO tandem.sale_workflows (id, name, is_default, validate_order, create_invoice, force_invoice_date,
			  register_payment, payment_journal, payment_method, confirm_shipment, partial_shipment)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, saleWorkflowArgs(w)...)
		return err
	})
	return w, err
}

// UpdateSaleWorkflow replaces a sale workflow. Orders under way keep the plan they started with. There is always one
// default: Conflict when this would leave none.
func (d *DB) UpdateSaleWorkflow(ctx context.Context, w instance.SaleWorkflow) (instance.SaleWorkflow, error) {
	const doing = "changing the sale workflow"
	err := d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		var isDefault bool
		err := tx.GetContext(ctx, &isDefault, `SELECT is_default FROM tandem.sale_workflows WHERE id = $1 FOR UPDATE`, w.ID)
		if err != nil {
			return err
		}
		if isDefault && !w.Default {
			return fault.New(fault.Conflict, "this is the default sale workflow: make another one the default instead")
		}
		if err := yieldDefault(ctx, tx, w); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE tandem.sale_workflows SET name = $2, is_default = $3, validate_order = $4, create_invoice = $5,
			  force_invoice_date = $6, register_payment = $7, payment_journal = $8, payment_method = $9, confirm_shipment = $10,
			  partial_shipment = $11
			WHERE id = $1`, saleWorkflowArgs(w)...)
		return err
	})
	return w, err
}

// DeleteSaleWorkflow removes a sale workflow. Conflict when it is the default or an instance's rules name it.
func (d *DB) DeleteSaleWorkflow(ctx context.Context, id string) error {
	const doing = "deleting the sale workflow"
	var isDefault, used bool
	row := d.pool.QueryRowxContext(ctx, `
		WITH wanted AS (
		  SELECT id, is_default, EXISTS (
		    SELECT 1 FROM tandem.instances i
		    WHERE i.config -> 'order' -> 'workflows' @> jsonb_build_array(jsonb_build_object('workflow', w.id))) AS used
		  FROM tandem.sale_workflows w WHERE id = $1
		), gone AS (
		  DELETE FROM tandem.sale_workflows d USING wanted w WHERE d.id = w.id AND NOT w.is_default AND NOT w.used
		)
		SELECT is_default, used FROM wanted`, id)
	err := row.Scan(&isDefault, &used)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "%s: not found", doing)
	case err != nil:
		return classify(err, doing)
	case isDefault:
		return fault.New(fault.Conflict, "the default sale workflow cannot be deleted: make another one the default first")
	case used:
		return fault.New(fault.Conflict, "an instance uses this sale workflow: take it out of the instance's rules first")
	}
	return nil
}

// yieldDefault takes the mark from the former default when w becomes the new one.
func yieldDefault(ctx context.Context, tx *sqlx.Tx, w instance.SaleWorkflow) error {
	if !w.Default {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE tandem.sale_workflows SET is_default = false WHERE is_default AND id <> $1`, w.ID)
	return err
}

func saleWorkflowArgs(w instance.SaleWorkflow) []any {
	return []any{
		w.ID, w.Name, w.Default, w.ValidateOrder, w.CreateInvoice, w.ForceInvoiceDate, w.RegisterPayment, w.PaymentJournal,
		w.PaymentMethod, w.ConfirmShipment, w.PartialShipment,
	}
}
