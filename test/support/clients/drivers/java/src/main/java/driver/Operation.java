package driver;

/** What a session does for the requests of one name. */
@FunctionalInterface
interface Operation {
    /**
     * Does what a request asks for.
     *
     * @param request the request with its arguments
     * @return what the answer has as its value: a text, a number, a boolean, a list, a map or null
     * @throws Exception if the library cannot do it; its text goes into the answer
     */
    Object apply(Request request) throws Exception;
}
