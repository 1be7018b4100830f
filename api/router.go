package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"tandem/api/gen"
	"tandem/fault"
)

// basePath is where the contract's paths begin; it is the contract's server address.
const basePath = "/api/v1"

// newRouter puts the contract's routes behind the checks every request goes through, outermost first. It fails when the trusted
// proxies are no addresses.
func newRouter(s *server, c *contract, p *page) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.ContextWithFallback = true // handlers' contexts end with their request
	router.HandleMethodNotAllowed = true
	if err := router.SetTrustedProxies(s.TrustedProxies); err != nil {
		return nil, fault.Field("TANDEM_TRUSTED_PROXIES", "is not a list of IP addresses and networks: %v", err)
	}
	m := newMetrics(s.Metrics, s.DB, s.Version)
	router.Use(requestID, m.observe, accessLog(s.Logger), s.recovered, secureHeaders)
	if s.NoAuth {
		router.Use(onlyLocal)
	}
	router.NoRoute(p.serve)
	router.NoMethod(func(g *gin.Context) {
		abort(g, http.StatusMethodNotAllowed, fault.NotFound, "this address does not take this method")
	})
	serveDocs(router, c)
	router.POST(webhookRoute, s.receiveWebhook)
	router.POST(keysRoute, s.receiveKeys)
	router.GET(keysRoute, s.returnFromStore)
	router.GET(imageRoute, s.fetchImage)
	router.HEAD(imageRoute, s.fetchImage)

	guarded := router.Group("", limitBody(c), limitTime(c), s.audit(c), newGate(s, c).check)
	guarded.GET(metricsPath, m.serve)
	contracted := guarded.Group("", c.validate, replay(s, c))
	gen.RegisterHandlersWithOptions(contracted, gen.NewStrictHandlerWithOptions(s, []gen.StrictMiddlewareFunc{detach}, gen.StrictGinServerOptions{
		RequestErrorHandlerFunc: func(g *gin.Context, err error) {
			abort(g, http.StatusBadRequest, fault.Invalid, "the request cannot be read")
		},
		HandlerErrorFunc:         s.fail,
		ResponseErrorHandlerFunc: s.fail,
	}), gen.GinServerOptions{
		BaseURL: basePath,
		ErrorHandler: func(g *gin.Context, err error, status int) {
			abort(g, status, fault.Invalid, "a parameter cannot be read")
		},
	})
	return router, nil
}

// detach gives handlers a context that is theirs. gin uses its own again for the next request as soon as one is answered,
// while database/sql may still be looking at the context of a query.
func detach(handle gen.StrictHandlerFunc, _ string) gen.StrictHandlerFunc {
	return func(g *gin.Context, request any) (any, error) { return handle(g.Copy(), request) }
}
