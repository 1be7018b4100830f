package api

import (
	_ "embed"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui/v5emb"
)

const (
	docsPath     = "/docs"
	contractPath = basePath + "/openapi.yaml"
	metricsPath  = "/metrics"
)

// homePage is what a person finds who opens the API's address: where its documentation is.
//
//go:embed home.html
var homePage []byte

// docsPolicy lets the documentation page run its own scripts, which are part of the binary, and call this API.
const docsPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

// serveDocs serves the contract, and a page to browse and try it. Neither needs a token: they tell nothing about stores.
func serveDocs(router *gin.Engine, c *contract) {
	router.GET(contractPath, func(g *gin.Context) { g.Data(http.StatusOK, "application/yaml", contractText) })
	page := gin.WrapH(v5emb.New(c.doc.Info.Title, contractPath, docsPath+"/"))
	serve := func(g *gin.Context) {
		g.Header("Content-Security-Policy", docsPolicy)
		g.Header("Cache-Control", "no-cache")
		page(g)
	}
	router.GET("/", func(g *gin.Context) {
		g.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		g.Data(http.StatusOK, "text/html; charset=utf-8", homePage)
	})
	router.GET(docsPath, func(g *gin.Context) { g.Redirect(http.StatusFound, docsPath+"/") })
	router.GET(docsPath+"/*file", serve)
}
