Listen () -> (std::unique_ptr<int> socket);
Answer (std::unique_ptr<int> socket) -> ();
Sorry (std::unique_ptr<int> socket) -> ();
source Listen => Answer;
handle error Answer -> Sorry;
