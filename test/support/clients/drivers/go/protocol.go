package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"sync"
)

// request has the arguments of all operations; each operation uses its own.
type request struct {
	ID         int
	Connection int
	Op         string

	URL, User, Password, InboxPrefix string

	Subject, Reply, Queue string
	Data                  []byte
	Headers               map[string]string

	Subscription, Iteration int

	Domain              string
	Bucket, Key, Filter string
	Keys                []string
	Value               []byte
	Revision            uint64

	Store, Name string

	Stream, Durable, Last string
	Filters               []string
	Count, MaxAckPending  int
	Sequence              uint64
}

type answer struct {
	ID          int    `json:"id"`
	Value       any    `json:"value"`
	Error       string `json:"error,omitempty"`
	Unsupported bool   `json:"unsupported,omitempty"`
}

type event struct {
	Event        string   `json:"event"`
	Connection   int      `json:"connection"`
	Operation    string   `json:"operation,omitempty"`
	Subject      string   `json:"subject,omitempty"`
	Subscription int      `json:"subscription,omitempty"`
	Message      *message `json:"message,omitempty"`
	Iteration    int      `json:"iteration,omitempty"`
	Item         any      `json:"item,omitempty"`
}

type message struct {
	Subject string            `json:"subject"`
	Reply   string            `json:"reply,omitempty"`
	Data    string            `json:"data"`
	Headers map[string]string `json:"headers,omitempty"`
	Code    int               `json:"code,omitempty"`
}

type stored struct {
	Stream   string `json:"stream"`
	Sequence uint64 `json:"seq"`
}

type entry struct {
	Key       string `json:"key"`
	Operation string `json:"operation"`
	Revision  uint64 `json:"revision"`
	Value     string `json:"value"`
}

type object struct {
	Name    string `json:"name"`
	Size    uint64 `json:"size"`
	Digest  string `json:"digest"`
	Deleted bool   `json:"deleted"`
}

type status struct {
	Bucket string `json:"bucket"`
	Size   uint64 `json:"size"`
}

// libraryEntry is what the entries of both interfaces have in common; the types of their operations differ.
type libraryEntry[O ~uint8] interface {
	Key() string
	Value() []byte
	Revision() uint64
	Operation() O
}

// operations are the names of the operations of a bucket, in the order of their numbers in the library.
var operations = [...]string{"PUT", "DEL", "PURGE"}

// entryOf returns an entry as the protocol has it, and nil for the mark behind the last values.
func entryOf[O ~uint8](e libraryEntry[O]) *entry {
	if e == nil {
		return nil
	}
	return &entry{e.Key(), operations[e.Operation()], e.Revision(), encode(e.Value())}
}

// listOf returns what becomes of each of some things, as a list that is never null.
func listOf[T, R any](things []T, resultOf func(T) R) []R {
	results := make([]R, 0, len(things))
	for _, thing := range things {
		results = append(results, resultOf(thing))
	}
	return results
}

// encode returns a payload as the protocol has it.
func encode(data []byte) string {
	return base64.StdEncoding.EncodeToString(data)
}

// unsupported is the error for what the library has no function for.
type unsupported string

func (why unsupported) Error() string {
	return string(why)
}

// output writes one JSON object a line.
type output struct {
	mutex   sync.Mutex
	encoder *json.Encoder
}

func newOutput(writer io.Writer) *output {
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	return &output{encoder: encoder}
}

func (o *output) write(line any) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if err := o.encoder.Encode(line); err != nil {
		log.Fatal(err)
	}
}

// answer writes what came of a request.
func (o *output) answer(id int, value any, err error) {
	if err == nil {
		o.write(answer{ID: id, Value: value})
		return
	}
	var why unsupported
	o.write(answer{ID: id, Error: err.Error(), Unsupported: errors.As(err, &why)})
}
