package rpctest

import "tandem/erp/odoo/rpc"

// Texts returns what cells have for load, by their columns.
func Texts(cells []rpc.Cell) map[string]string {
	all := map[string]string{}
	for _, c := range cells {
		all[c.Column] = c.Text
	}
	return all
}
