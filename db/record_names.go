package db

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// maxName is the most bytes of a name by which a record is found: e-mail addresses have up to 254, and an index takes no value of any size.
const maxName = 254

// namesOf brings the names of a record into the form in which they are compared. It gives an empty list rather than nil, which stands
// for a record whose names are not known.
func namesOf(names []string) []string {
	out := []string{}
	for _, name := range names {
		if name = nameOf(name); name != "" && len(name) <= maxName && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func nameOf(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// nameRaw gives names to kept copies that were made before there were any. Nothing else of them is written.
func nameRaw(ctx context.Context, tx *sqlx.Tx, p PageStart, inputs []rawInput) error {
	if len(inputs) == 0 {
		return nil
	}
	encoded, err := json.Marshal(inputs)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		WITH named AS (
		  SELECT r.woo_id, i.names FROM jsonb_to_recordset($3::jsonb) AS i(woo_id text, digest text, names text[])
		  JOIN tandem.raw_records r ON r.instance = $1 AND r.entity = $2 AND r.woo_id = i.woo_id AND r.digest = decode(i.digest, 'hex')
		  WHERE r.names IS NULL ORDER BY r.woo_id FOR UPDATE OF r)
		UPDATE tandem.raw_records r SET names = named.names FROM named
		WHERE r.instance = $1 AND r.entity = $2 AND r.woo_id = named.woo_id`, p.Instance, p.Entity, string(encoded))
	return err
}
