package main

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// noting is how long the library may take to hand on a refusal that it has read: it does so beside the reading.
const noting = 2 * time.Millisecond

// refusal finds in an error of the server what it refused.
var refusal = regexp.MustCompile(`(?i)permissions violation for (publish|subscription)(?: to| with reply of) "([^"]*)"`)

// connection is a connection to a server with the watches that it has.
type connection struct {
	*nats.Conn
	// ctx ends with the connection.
	ctx        context.Context
	cancel     context.CancelFunc
	number     int
	out        *output
	mutex      sync.Mutex
	iterations map[int]func() error
}

func connect(r request, out *output) (*connection, error) {
	c := &connection{number: r.Connection, out: out, iterations: map[int]func() error{}}
	options := []nats.Option{
		nats.UserInfo(r.User, r.Password),
		nats.NoReconnect(),
		nats.Timeout(patience),
		nats.ErrorHandler(c.report),
	}
	if r.InboxPrefix != "" {
		options = append(options, nats.CustomInboxPrefix(r.InboxPrefix))
	}
	conn, err := nats.Connect(r.URL, options...)
	if err != nil {
		return nil, err
	}
	c.Conn = conn
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c, nil
}

// report tells the other side what the server refused to the connection.
func (c *connection) report(_ *nats.Conn, _ *nats.Subscription, err error) {
	if found := refusal.FindStringSubmatch(err.Error()); found != nil {
		c.out.write(event{
			Event:      "refusal",
			Connection: c.number,
			Operation:  strings.ToLower(found[1]),
			Subject:    found[2],
		})
	}
}

// isMessaging tells whether an operation is one that does not concern JetStream.
func isMessaging(op string) bool {
	switch op {
	case "publish", "request", "subscribe", "flush", "stop", "close":
		return true
	}
	return false
}

// messaging does what both programming interfaces to JetStream do not concern.
func (c *connection) messaging(ctx context.Context, r request) (any, error) {
	switch r.Op {
	case "publish":
		return nil, c.PublishMsg(msgOf(r))
	case "request":
		reply, err := c.RequestMsgWithContext(ctx, msgOf(r))
		if err != nil {
			return nil, err
		}
		return messageOf(reply), nil
	case "subscribe":
		_, err := c.QueueSubscribe(r.Subject, r.Queue, func(m *nats.Msg) {
			c.out.write(event{
				Event:        "message",
				Connection:   c.number,
				Subscription: r.Subscription,
				Message:      messageOf(m),
			})
		})
		return nil, err
	case "flush":
		err := c.FlushWithContext(ctx)
		time.Sleep(noting)
		return nil, err
	case "stop":
		return nil, c.stop(r.Iteration)
	case "close":
		c.cancel()
		c.Close()
		return nil, nil
	}
	return nil, unknown(r)
}

func (c *connection) stop(iteration int) error {
	c.mutex.Lock()
	stop := c.iterations[iteration]
	delete(c.iterations, iteration)
	c.mutex.Unlock()
	if stop == nil {
		return nil
	}
	return stop()
}

// follow sends the other side what a watch finds, until it is stopped. What has no item is left out.
func follow[T, I any](c *connection, iteration int, updates <-chan T, stop func() error, itemOf func(T) *I) {
	c.mutex.Lock()
	c.iterations[iteration] = stop
	c.mutex.Unlock()
	go func() {
		for update := range updates {
			if item := itemOf(update); item != nil {
				c.out.write(event{Event: "item", Connection: c.number, Iteration: iteration, Item: item})
			}
		}
	}()
}

func msgOf(r request) *nats.Msg {
	m := &nats.Msg{Subject: r.Subject, Reply: r.Reply, Data: r.Data, Header: nats.Header{}}
	for name, value := range r.Headers {
		m.Header.Set(name, value)
	}
	return m
}

func messageOf(m *nats.Msg) *message {
	headers := map[string]string{}
	for name := range m.Header {
		headers[name] = m.Header.Get(name)
	}
	code, _ := strconv.Atoi(headers["Status"])
	return &message{Subject: m.Subject, Reply: m.Reply, Data: encode(m.Data), Headers: headers, Code: code}
}
