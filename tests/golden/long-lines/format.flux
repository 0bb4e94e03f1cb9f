// What doesn't fit on a line stands one item a line.
source ListenOnEveryInterfaceOfThisMachine => ServeWhoeverHasConnectedToThisMachine;
ServeWhoeverHasConnectedToThisMachine = ReadTheWholeRequest -> ChooseWhatToDo -> AnswerTheRequest;
typedef veryLargeAndUrgent IsVeryLargeAndUrgentRequest;
typedef fromAFriendlyAddress ComesFromAFriendlyAddress;
ChooseWhatToDo:[fromAFriendlyAddress, veryLargeAndUrgent, _] = ;
ChooseWhatToDo:[_, _, _] = DelayTheRequestForSomeTime;
handle error DelayTheRequestForSomeTime -> ApologizeToWhoeverIsWaitingForAnAnswer;
ListenOnEveryInterfaceOfThisMachine () -> (int theSocketThatWasJustAccepted);
ReadTheWholeRequest (int theSocketThatWasJustAccepted)
  -> (int theSocketThatWasJustAccepted, bytes theWholeRequestAsItWasSent, int theTimeWhenItWasRead);
DelayTheRequestForSomeTime (int theSocketThatWasJustAccepted, bytes theWholeRequestAsItWasSent,
    int theTimeWhenItWasRead)
  -> (int theSocketThatWasJustAccepted, bytes theWholeRequestAsItWasSent, int theTimeWhenItWasRead);
AnswerTheRequest (int theSocketThatWasJustAccepted, bytes theWholeRequestAsItWasSent,
    int theTimeWhenItWasRead)
  -> ();
ApologizeToWhoeverIsWaitingForAnAnswer (int theSocketThatWasJustAccepted,
    bytes theWholeRequestAsItWasSent, int theTimeWhenItWasRead)
  -> ();
