@ordering
Feature: Canceling an order
  A customer can cancel an order until its payment is completed or its payment session expires. An order whose payment
  session has expired can still be paid, but not canceled or changed. Besides its status, an order has a mark that shows
  whether it is paid. A cancellation sends the order's form, products and payment method again, with the new status. In
  the message "Order must have a payment", "payment" means the payment method.

  Background:
    Given Christina has signed in

  Rule: A customer can cancel an unpaid order

    Scenario: An order without a payment session can be canceled
      Given Christina has ordered 1 "Product 14"
      When Christina cancels the order
      Then the order's status shows that it is canceled
      And nothing else has changed

    Scenario: An order with an open payment session can be canceled
      Given Christina has ordered 1 "Product 14"
      And Christina has opened a payment session for the order
      When Christina cancels the order
      Then the order's status shows that it is canceled
      And nothing else has changed

  Rule: A cancellation must repeat the order's other details

    Scenario: A cancellation without the order's other details is refused
      Given Christina has ordered 1 "Product 14"
      When Christina tries to cancel the order without its other details
      Then the shop refuses the request with the message "Order must have a payment"
      And nothing has changed

  Rule: Only the customer who placed an order can cancel it
    Ben first succeeds with an order that Ben placed. So a refusal has only one reason: the order is Christina's.

    @severity:critical @undocumented
    Scenario: A customer cannot cancel another customer's order
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in, ordered 1 "Product 14" and canceled it
      When Ben tries to cancel Christina's order
      Then the shop refuses the request
      And nothing has changed

  Rule: A customer cannot cancel an order that is paid or whose payment session has expired

    @severity:critical @mock_only
    Scenario: A customer cannot cancel a paid order
      Given Christina has ordered 1 "Product 14" with the payment method "card" and paid for it
      When Christina tries to cancel the order
      Then the shop refuses the request as invalid
      And the order is marked as paid
      And nothing has changed

    @mock_only
    Scenario: A customer cannot cancel an order whose payment session has expired
      Given Christina has ordered 1 "Product 14" with the payment method "card"
      And Christina has opened a payment session for the order
      And the payment provider has reported the payment as expired
      When Christina tries to cancel the order
      Then the shop refuses the request as invalid
      And nothing has changed
