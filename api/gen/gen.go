// Package gen is the server side of openapi.yaml in Go: its types, and one method per operation that package api
// implements. Change the contract, then run go generate.
package gen

//go:generate go tool oapi-codegen --config=config.yaml ../openapi.yaml
