Listen () -> (int& socket);
Answer (int& socket) -> ();
source Listen => Answer;
