Listen () -> (const int socket);
Answer (const int socket) -> ();
source Listen => Answer;
