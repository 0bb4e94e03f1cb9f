"""Words that no name of a generated C++ program may be."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEYWORDS = _words(
    """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t
    char32_t class compl concept const consteval constexpr constinit const_cast continue co_await
    co_return co_yield decltype default delete do double dynamic_cast else enum explicit export
    extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq
    nullptr operator or or_eq private protected public register reinterpret_cast requires return
    short signed sizeof static static_assert static_cast struct switch template this thread_local
    throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while
    xor xor_eq
    """
)

# Macros of the compiler, and of the headers that `flux build` includes, that look like names.
MACROS = _words(
    """
    assert bool_ errno linux unix major minor makedev stdin stdout stderr EOF NULL offsetof
    va_start va_end va_arg va_copy si_value si_pid si_uid si_status si_addr sigcontext s6_addr
    st_atime st_mtime st_ctime h_addr h_errno sa_handler sa_sigaction BUFSIZ RAND_MAX
    SOMAXCONN EXIT_SUCCESS EXIT_FAILURE INT_MAX INT_MIN isnan isinf signbit
    """
)

RESERVED = KEYWORDS | MACROS
