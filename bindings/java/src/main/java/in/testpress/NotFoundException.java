package in.testpress;

/** No such page: check the institute and the option {@code api_version}. */
public final class NotFoundException extends RefusedException {
    private static final long serialVersionUID = 1L;

    NotFoundException(ErrorDetails details) {
        super(details);
    }
}
