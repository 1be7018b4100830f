package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// A row type names the columns of its table in its json tags. Rows travel as one JSON array, so that a statement takes
// one parameter however many rows it writes.

// insertRows adds rows to a table. Without rows it does nothing.
func insertRows[R any](ctx context.Context, tx *sqlx.Tx, table string, rows []R) error {
	return writeRows(ctx, tx, table, rows, "")
}

// upsertRows adds rows or, where their id is taken, replaces what is there. Without rows it does nothing. Rows are
// locked in the order of their ids, so batches that share some wait rather than deadlock.
func upsertRows[R any](ctx context.Context, tx *sqlx.Tx, table string, rows []R) error {
	var set []string
	for _, column := range columnsOf[R]() {
		if column != "id" {
			set = append(set, column+" = EXCLUDED."+column)
		}
	}
	return writeRows(ctx, tx, table, rows, "ORDER BY id ON CONFLICT (id) DO UPDATE SET "+strings.Join(set, ", "))
}

// updateRows changes the columns a row type names, of the rows with its ids. Without rows it does nothing.
func updateRows[R any](ctx context.Context, tx *sqlx.Tx, table string, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	array, err := encode(rows)
	if err != nil {
		return err
	}
	var set []string
	for _, column := range columnsOf[R]() {
		if column != "id" {
			set = append(set, column+" = r."+column)
		}
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(
		`UPDATE ledger.%[1]s t SET %[2]s FROM json_populate_recordset(NULL::ledger.%[1]s, $1) r WHERE t.id = r.id`,
		table, strings.Join(set, ", ")), array)
	return classify(err)
}

func writeRows[R any](ctx context.Context, tx *sqlx.Tx, table string, rows []R, clauses string) error {
	if len(rows) == 0 {
		return nil
	}
	array, err := encode(rows)
	if err != nil {
		return err
	}
	columns := strings.Join(columnsOf[R](), ", ")
	_, err = tx.ExecContext(ctx, fmt.Sprintf(
		`INSERT INTO ledger.%[1]s (%[2]s) SELECT %[2]s FROM json_populate_recordset(NULL::ledger.%[1]s, $1) %[3]s`,
		table, columns, clauses), array)
	return classify(err)
}

// columnsOf lists the columns a row type names.
func columnsOf[R any]() []string {
	row := reflect.TypeFor[R]()
	columns := make([]string, 0, row.NumField())
	for _, field := range reflect.VisibleFields(row) {
		if !field.Anonymous {
			columns = append(columns, field.Tag.Get("json"))
		}
	}
	return columns
}

// encode gives the JSON of rows. What cannot be encoded, such as a date in the year 12000, is the record's fault.
func encode(rows any) (string, error) {
	array, err := json.Marshal(rows)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "the record holds a value that cannot be stored")
	}
	return string(array), nil
}

// setIDs fills the targets with new ids from a table's sequence.
func setIDs(ctx context.Context, tx *sqlx.Tx, table string, targets []*int64) error {
	if len(targets) == 0 {
		return nil
	}
	var ids []int64
	err := tx.SelectContext(ctx, &ids,
		`SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)`, "ledger."+table, len(targets))
	for i, id := range ids {
		*targets[i] = id
	}
	return classify(err)
}
