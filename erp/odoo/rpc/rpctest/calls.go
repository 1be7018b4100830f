// Package rpctest has fakes of an Odoo for tests that are about single calls; package odootest has one that keeps records.
package rpctest

import (
	"context"
	"encoding/json"
	"slices"

	"tandem/erp/odoo/rpc"
)

// Calls is an Odoo of which only the calls matter: it answers each from a function and keeps them.
type Calls struct {
	Made   []rpc.Call
	Answer func(rpc.Call) (any, error)
}

// Call keeps the call and answers it.
func (c *Calls) Call(_ context.Context, made rpc.Call, result any) error {
	c.Made = append(c.Made, made)
	value, err := c.Answer(made)
	if err != nil {
		return err
	}
	content, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return rpc.Decode(content, result)
}

// User is always the same.
func (c *Calls) User(context.Context) (int64, error) { return 2, nil }

// Close does nothing.
func (c *Calls) Close() {}

// Loads answers load like Odoo: with ids, or with messages when a record named in bad is among them. It blames the first
// record too, as Odoo 19 does.
func Loads(bad ...string) *Calls {
	c := &Calls{}
	c.Answer = func(made rpc.Call) (any, error) {
		var ids []int64
		messages := []any{}
		for i, row := range made.Args["data"].([][]string) {
			ids = append(ids, int64(100+i))
			if slices.Contains(bad, row[1]) {
				messages = append(messages, map[string]any{"type": "error", "record": 0, "message": "Jane Doe is wrong"},
					map[string]any{"type": "error", "record": i, "field": "name", "message": "Jane Doe is wrong"})
			}
		}
		if len(messages) > 0 {
			return map[string]any{"ids": false, "messages": messages}, nil
		}
		return map[string]any{"ids": ids, "messages": messages}, nil
	}
	return c
}
