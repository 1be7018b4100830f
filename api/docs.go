package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui/v5emb"
)

const (
	docsPath     = "/docs"
	contractPath = basePath + "/openapi.yaml"
	metricsPath  = "/metrics"
)

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
	router.GET(docsPath, func(g *gin.Context) { g.Redirect(http.StatusFound, docsPath+"/") })
	router.GET(docsPath+"/*file", serve)
}
